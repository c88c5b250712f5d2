import { useEffect, useRef, useState } from 'preact/hooks';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { CompareResponse } from '../../../server/schemas/duplicates.js';
import { heldPicture, holdPicture } from '../search/held-pictures.js';
import { api, thumbnailUrl } from '../state/api.js';
import { navigate, route, shownRoute } from '../state/route.js';
import { FactList } from '../widgets/fact-list.js';
import { Icon } from '../widgets/icon.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { MatchLines, type ComparedPicture } from './match-lines.js';

type Side = 'a' | 'b';
const SIDES: readonly Side[] = ['a', 'b'];

type Comparison = CompareResponse & Record<Side, ComparedPicture>;

/** Two pictures side by side: how alike they are, and the points that they have in common. */
export function CompareView({ collection }: { collection: string }) {
  const { compare: text } = words.value;
  const { params } = shownRoute.value;
  const [answer, setAnswer] = useState<Comparison>();
  const [problem, setProblem] = useState<LikenessError>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setAnswer(undefined);
    setProblem(undefined);
    const stop = new AbortController();
    if (!SIDES.every((side) => params.has(side))) return undefined;
    setBusy(true);
    compare(collection, params, stop.signal)
      .then(setAnswer, (thrown: unknown) => {
        if (!stop.signal.aborted) setProblem(toLikenessError(thrown));
      })
      .finally(() => setBusy(false));
    return () => stop.abort();
  }, [collection, params.toString()]);
  return (
    <section class="page-column" id="results" tabIndex={-1} aria-busy={busy}>
      <h1>{text.heading}</h1>
      <div class="compare-inputs">
        {SIDES.map((side) => (
          <SideInput key={side} side={side} value={params.get(side)} />
        ))}
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
      {answer === undefined ? (
        !busy && problem === undefined && <p class="faint">{text.hint}</p>
      ) : (
        <MatchLines a={answer.a} b={answer.b} points={answer.geometry.points} />
      )}
      {busy && <p class="loading">{text.loading}</p>}
      {answer !== undefined && (
        <section class="panel" aria-label={text.result}>
          <FactList facts={factsOf(answer)} />
        </section>
      )}
    </section>
  );
}

/** One of the two: the id of a stored image, or a file. */
function SideInput({ side, value }: { side: Side; value: string | null }) {
  const { compare: text } = words.value;
  const input = useRef<HTMLInputElement>(null);
  const set = (next: string): void => {
    const params = new URLSearchParams(route.value.params);
    params.set(side, next);
    navigate({ ...route.value, params });
  };
  const take = (file: File | undefined): void => {
    if (file !== undefined) set(`picture:${holdPicture(file, file.name)}`);
  };
  const shown = value?.startsWith('picture:') === true ? (heldOf(value)?.name ?? '') : (value ?? '');
  return (
    <div class="panel side-input">
      <label class="labelled">
        <span>{text.id(side.toUpperCase())}</span>
        <input class="field" value={shown} onChange={({ currentTarget }) => set(currentTarget.value)} />
      </label>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        <Icon name="image" /> {text.file}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        aria-label={`${text.file} ${side.toUpperCase()}`}
        onChange={({ currentTarget }) => take(currentTarget.files?.[0])}
      />
    </div>
  );
}

async function compare(collection: string, params: URLSearchParams, signal: AbortSignal): Promise<Comparison> {
  const [a, b] = await Promise.all(SIDES.map((side) => sideOf(collection, params.get(side) ?? '')));
  const answer = await api.compare(collection, a!.input, b!.input, { signal });
  return { ...answer, a: a!.shown, b: b!.shown };
}

/** What one side is to the server, and how it is shown. */
async function sideOf(
  collection: string,
  value: string,
): Promise<{ input: Uint8Array | { id: string }; shown: ComparedPicture }> {
  const held = heldOf(value);
  if (held !== undefined) return { input: new Uint8Array(await held.blob.arrayBuffer()), shown: { src: held.url } };
  const { width, height, contentHash } = await api.get(collection, value);
  const src = thumbnailUrl(collection, value, 1024, contentHash);
  return { input: { id: value }, shown: { src, size: { width, height } } };
}

function heldOf(value: string) {
  return value.startsWith('picture:') ? heldPicture(value.slice('picture:'.length)) : undefined;
}

function factsOf({ score, verdict, probability, hashDistance, geometry }: CompareResponse): [string, string][] {
  const { compare: text, details, verdicts } = words.value;
  const all: [string, string | undefined][] = [
    [details.verdict, verdict && verdicts[verdict]],
    [details.probability, probability === undefined ? undefined : `${(probability * 100).toFixed(1)} %`],
    [details.score, score.toFixed(4)],
    [text.points, text.pointsOf(geometry.inliers, geometry.matches)],
    [text.hash, hashDistance === undefined ? undefined : text.bits(hashDistance)],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
