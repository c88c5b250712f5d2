import { useEffect, useState } from 'preact/hooks';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { DuplicatesResponse } from '../../../server/schemas/duplicates.js';
import { refreshResults } from '../search/results.js';
import { api } from '../state/api.js';
import { collections, currentCollection, loadCollections } from '../state/collections.js';
import { navigate } from '../state/route.js';
import { mayWrite } from '../state/session.js';
import { EmptyState } from '../widgets/empty-state.js';
import { Icon } from '../widgets/icon.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { DuplicateGroup } from './duplicate-group.js';

type Group = DuplicatesResponse['groups'][number];
type Strictness = Group['verdict'];

const STRICTNESS: readonly Strictness[] = ['near-duplicate', 'identical'];
const PAGE = 30;

/** Images that are there more than once, a group at a time: one is kept, the rest marked, and deleted when that is said. */
export function DuplicatesView({ collection }: { collection: string }) {
  if (collections.value === undefined) return <p class="loading">{words.value.duplicates.loading}</p>;
  return <Review key={collection} collection={collection} />;
}

function Review({ collection }: { collection: string }) {
  const { duplicates: text, verdicts } = words.value;
  // identical ones are found without anything learned
  const isCalibrated = currentCollection.value?.calibration !== undefined;
  const [verdict, setVerdict] = useState<Strictness>(isCalibrated ? 'near-duplicate' : 'identical');
  const { groups, busy, problem, ended, more } = useGroups(collection, verdict);
  // what to delete, until it is done; taking a mark back undoes it
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<LikenessError>();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const mark = (out: readonly string[], into: readonly string[]): void =>
    setMarked(new Set([...[...marked].filter((id) => !out.includes(id)), ...into]));
  const remove = async (): Promise<void> => {
    const deleted = new Set(gone);
    try {
      for (const id of marked) {
        await api.delete(collection, id);
        deleted.add(id);
      }
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toLikenessError(thrown));
    }
    setGone(deleted);
    setMarked(new Set([...marked].filter((id) => !deleted.has(id))));
    refreshResults();
    await loadCollections();
  };
  const left = groups
    .map((group) => ({ ...group, images: group.images.filter(({ id }) => !gone.has(id)) }))
    .filter(({ images }) => images.length > 1);
  return (
    <section class="page-column" id="results" tabIndex={-1} aria-busy={busy}>
      <div class="panel-head">
        <h1>{text.heading}</h1>
        <label class="inline-choice">
          <span class="unseen">{text.strictness}</span>
          <select value={verdict} onChange={({ currentTarget }) => setVerdict(currentTarget.value as Strictness)}>
            {STRICTNESS.map((name) => (
              <option key={name} value={name}>
                {verdicts[name]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {problem?.code === 'not_calibrated' ? (
        <NotCalibrated collection={collection} />
      ) : (
        problem !== undefined && <ProblemNote problem={problem} />
      )}
      {failure !== undefined && <ProblemNote problem={failure} />}
      {ended && problem === undefined && left.length === 0 && (
        <EmptyState icon="check" title={text.none} hint={text.noneHint} />
      )}
      {left.map((group) => (
        <DuplicateGroup key={group.images[0]?.id} {...{ collection, group, marked }} onMark={mark} />
      ))}
      {busy && <p class="loading">{text.loading}</p>}
      {!ended && !busy && problem === undefined && (
        <button type="button" class="button" onClick={more}>
          {text.more}
        </button>
      )}
      {marked.size > 0 && mayWrite.value && (
        <div class="action-bar" role="status">
          <span>{text.marked(marked.size)}</span>
          <button type="button" class="button" onClick={() => setMarked(new Set())}>
            <Icon name="undo" /> {text.undo}
          </button>
          <button type="button" class="button danger" onClick={() => void remove()}>
            <Icon name="trash" /> {text.remove(marked.size)}
          </button>
        </div>
      )}
    </section>
  );
}

/** Near-duplicates need to be learned first. */
function NotCalibrated({ collection }: { collection: string }) {
  const { duplicates: text, collections: list, jobs } = words.value;
  const manage = () =>
    navigate({ view: 'collections', collection: undefined, params: new URLSearchParams({ of: collection }) });
  return (
    <EmptyState icon="copies" title={text.notCalibrated} hint={text.notCalibratedHint(jobs.kinds.calibrate)}>
      <button type="button" class="button primary" onClick={manage}>
        {list.manage}
      </button>
    </EmptyState>
  );
}

/** The groups so far, and how to come to the next. */
function useGroups(collection: string, verdict: Strictness) {
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const [busy, setBusy] = useState(true);
  const [ended, setEnded] = useState(false);
  const [problem, setProblem] = useState<LikenessError>();
  const [source, setSource] = useState<AsyncGenerator<Group>>();
  const read = async (from: AsyncGenerator<Group>, before: readonly Group[], signal?: AbortSignal): Promise<void> => {
    setBusy(true);
    const found = [...before];
    try {
      while (found.length < before.length + PAGE) {
        const next = await from.next();
        if (next.done === true) {
          setEnded(true);
          break;
        }
        found.push(next.value);
      }
      setGroups(found);
      setBusy(false);
    } catch (thrown) {
      if (signal?.aborted === true) return;
      setProblem(toLikenessError(thrown));
      setBusy(false);
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    const from = api.duplicates(collection, { verdict, pageSize: PAGE, signal: stop.signal });
    setSource(from);
    setGroups([]);
    setEnded(false);
    setProblem(undefined);
    void read(from, [], stop.signal);
    return () => stop.abort();
  }, [collection, verdict]);
  const more = (): void => {
    if (source !== undefined) void read(source, groups);
  };
  return { groups, busy, ended, problem, more };
}
