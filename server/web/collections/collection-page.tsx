import { useState } from 'preact/hooks';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { JobsPanel } from '../jobs/jobs-panel.js';
import { useJobs } from '../jobs/use-jobs.js';
import { api } from '../state/api.js';
import { loadCollections } from '../state/collections.js';
import { formatRoute, navigate } from '../state/route.js';
import { mayWrite } from '../state/session.js';
import { language } from '../state/settings.js';
import { UploadPanel } from '../upload/upload-panel.js';
import { FactList } from '../widgets/fact-list.js';
import { Icon } from '../widgets/icon.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';

const LIST = { view: 'collections', collection: undefined, params: new URLSearchParams() } as const;
const MIB = 1024 * 1024;

/** One collection: what it is, what can be put in, and what can be done with it. */
export function CollectionPage({ collection, models }: { collection: CollectionAnswer; models: readonly string[] }) {
  const { collections: text } = words.value;
  const { name, state } = collection;
  const jobs = useJobs(state === 'ready' ? name : undefined);
  return (
    <section class="page-column" id="results" tabIndex={-1}>
      <div>
        <a class="text-button" href={formatRoute(LIST)}>
          ← {text.back}
        </a>
        <div class="panel-head">
          <h1>{name}</h1>
          {state === 'ready' && (
            <a class="button" href={formatRoute({ ...LIST, view: 'search', collection: name })}>
              <Icon name="search" /> {text.open}
            </a>
          )}
        </div>
      </div>
      <section class="panel">
        <FactList facts={factsOf(collection)} />
      </section>
      {state === 'ready' && mayWrite.value && <UploadPanel collection={name} />}
      {state === 'ready' && mayWrite.value && <JobsPanel {...{ collection, jobs, models }} />}
      {mayWrite.value && <RemoveForm name={name} />}
    </section>
  );
}

function factsOf(collection: CollectionAnswer): [string, string][] {
  const { collections: text } = words.value;
  const { images, nodes, model, dimension, fingerprint, index, createdAt, reason, calibration } = collection;
  const { facts } = text;
  const all: [string, string | undefined][] = [
    [text.quarantined, reason],
    [facts.images, images?.toLocaleString(language.value)],
    [facts.distinct, nodes?.toLocaleString(language.value)],
    [facts.model, model],
    [facts.dimension, dimension?.toString()],
    [facts.fingerprint, fingerprint?.slice(0, 16)],
    [facts.index, index && text.index(index)],
    [facts.memory, index && `${(index.memoryBytes / MIB).toFixed(1)} MiB`],
    [facts.calibrated, calibration === undefined ? text.calibratedNo : text.calibratedYes],
    [facts.created, createdAt && new Date(createdAt).toLocaleString(language.value)],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}

/** Deleting asks for the name: there is no way back. */
function RemoveForm({ name }: { name: string }) {
  const { collections: text } = words.value;
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<LikenessError>();
  const remove = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await api.deleteCollection(name);
      navigate(LIST);
      await loadCollections();
    } catch (thrown) {
      setProblem(toLikenessError(thrown));
    }
  };
  return (
    <details class="panel remove">
      <summary>{text.remove}</summary>
      <form class="form-row" onSubmit={(event) => void remove(event)}>
        <label class="labelled">
          <span>{text.removeHint(name)}</span>
          <input class="field" value={typed} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
        </label>
        <button class="button danger" disabled={typed !== name}>
          {text.removeNow}
        </button>
      </form>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </details>
  );
}
