import { useEffect } from 'preact/hooks';
import type { Job } from '../../../engine/collection/jobs.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { loadFields } from '../state/fields.js';
import { language } from '../state/settings.js';
import { words } from '../words/words.js';
import { JobForm } from './job-form.js';
import { JobResult } from './job-result.js';

interface JobsPanelProps {
  collection: CollectionAnswer;
  jobs: readonly Job[];
  models: readonly string[];
}

/** Long work on a collection: what can be started, and how far the started ones are. */
export function JobsPanel({ collection, jobs, models }: JobsPanelProps) {
  const { jobs: text } = words.value;
  useEffect(() => void loadFields(collection.name), [collection.name, collection.images === 0]);
  return (
    <section class="panel" aria-label={text.heading}>
      <h2>{text.heading}</h2>
      <JobForm collection={collection} models={models} />
      <ul class="jobs">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {jobs.length === 0 && <p class="faint">{text.none}</p>}
    </section>
  );
}

function JobRow({ job }: { job: Job }) {
  const { jobs: text } = words.value;
  const { kind, state, done, total, error, startedAt, result } = job;
  return (
    <li class={`job ${state}`}>
      <b>{text.kinds[kind]}</b>
      <span class="faint">{new Date(startedAt).toLocaleTimeString(language.value)}</span>
      <span class="state">
        {text.states[state]}
        {state === 'running' && total > 0 && ` ${done} / ${total}`}
      </span>
      {state === 'running' && <progress aria-label={text.kinds[kind]} max={Math.max(1, total)} value={done} />}
      {error !== undefined && (
        <p class="form-fault">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      {state === 'done' && result !== undefined && (
        <div class="job-result">
          <JobResult job={job} />
        </div>
      )}
    </li>
  );
}
