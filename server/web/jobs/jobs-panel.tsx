import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../../engine/collection/jobs.js';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { NewJob } from '../../../server/schemas.js';
import { refreshResults } from '../search/results.js';
import { api } from '../state/api.js';
import { loadCollections } from '../state/collections.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';

/** How often a running job is asked about. */
const ASK_MS = 800;

/** Long work on a collection: what can be started, and how far the started ones are. */
export function JobsPanel({ collection, models }: { collection: string; models: readonly string[] }) {
  const { jobs: text } = words.value;
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const [problem, setProblem] = useState<LikenessError>();
  const [model, setModel] = useState('');
  const running = jobs.some(({ state }) => state === 'running');
  const load = async (): Promise<void> => {
    const next = await api.jobs(collection).catch(() => jobs);
    setJobs(next);
    if (running && !next.some(({ state }) => state === 'running')) await afterJob();
  };
  useEffect(() => void load(), [collection]);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void load(), ASK_MS);
    return () => clearInterval(timer);
  }, [running, collection]);
  const start = async (job: NewJob): Promise<void> => {
    try {
      const started = await api.startJob(collection, job);
      setProblem(undefined);
      setJobs([started, ...jobs]);
    } catch (thrown) {
      setProblem(toLikenessError(thrown));
    }
  };
  return (
    <section class="panel" aria-label={text.heading}>
      <h2>{text.heading}</h2>
      <div class="job-starts">
        <button type="button" class="button" onClick={() => void start({ kind: 'verify' })}>
          {text.verify}
        </button>
        <button type="button" class="button" onClick={() => void start({ kind: 'calibrate' })}>
          {text.calibrate}
        </button>
        <label class="labelled">
          <span>{text.model}</span>
          <select value={model} onChange={({ currentTarget }) => setModel(currentTarget.value)}>
            <option value="">{text.choose}</option>
            {models.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button"
          disabled={model === ''}
          onClick={() => void start({ kind: 'reembed', model })}
        >
          {text.reembed}
        </button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
      <ul class="jobs">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {jobs.length === 0 && <p class="faint">{text.none}</p>}
    </section>
  );
}

function JobRow({ job: { kind, state, done, total, error, startedAt, result } }: { job: Job }) {
  const { jobs: text } = words.value;
  return (
    <li class={`job ${state}`}>
      <b>{text.kinds[kind]}</b>
      <span class="faint">{new Date(startedAt).toLocaleTimeString()}</span>
      <span class="state">{text.states[state]}</span>
      {state === 'running' && <progress aria-label={kind} max={Math.max(1, total)} value={done} />}
      {error !== undefined && (
        <p class="form-fault">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      {state === 'done' && result !== undefined && <code class="job-result">{JSON.stringify(result)}</code>}
    </li>
  );
}

/** A job may have changed what is shown. */
async function afterJob(): Promise<void> {
  refreshResults();
  await loadCollections();
}
