import { useState } from 'preact/hooks';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { api } from '../state/api.js';
import { fields, tellsApart } from '../state/fields.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { JOB_KINDS, needOf, toJob, type JobKind, type WantedJob } from './wanted-job.js';

interface JobFormProps {
  collection: CollectionAnswer;
  models: readonly string[];
}

/** Starts long work: what it is good for, and what it must be told. */
export function JobForm({ collection, models }: JobFormProps) {
  const { jobs: text } = words.value;
  const [wanted, setWanted] = useState<WantedJob>({ kind: 'calibrate', field: '', model: '', dryRun: true });
  const [problem, setProblem] = useState<LikenessError>();
  const change = (next: Partial<WantedJob>): void => setWanted({ ...wanted, ...next });
  const job = toJob({ ...wanted, field: wanted.field || usualField(collection, wanted.kind) });
  const need = needOf(wanted.kind);
  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await api.startJob(collection.name, job!);
      setProblem(undefined);
    } catch (thrown) {
      setProblem(toLikenessError(thrown));
    }
  };
  return (
    <form class="job-form" onSubmit={(event) => void start(event)}>
      <div class="form-row">
        <Choice
          label={text.kind}
          value={wanted.kind}
          options={JOB_KINDS.map((kind) => [kind, text.kinds[kind]])}
          onChange={(kind) => change({ kind: kind as JobKind })}
        />
        {need === 'field' && (
          <Choice
            label={text.field}
            value={wanted.field || usualField(collection, wanted.kind)}
            options={[
              ['', text.choose],
              ...fields.value.filter(tellsApart).map(({ field }) => [field, field] as const),
            ]}
            onChange={(field) => change({ field })}
          />
        )}
        {need === 'model' && (
          <Choice
            label={text.model}
            value={wanted.model}
            options={[['', text.choose], ...models.map((name) => [name, name] as const)]}
            onChange={(model) => change({ model })}
          />
        )}
        <button class="button primary" disabled={job === undefined}>
          {text.start}
        </button>
      </div>
      {wanted.kind === 'tune' && (
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={wanted.dryRun}
            onChange={({ currentTarget }) => change({ dryRun: currentTarget.checked })}
          />
          <span>{text.dryRun}</span>
        </label>
      )}
      <p class="faint">{text.hints[wanted.kind]}</p>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label class="labelled">
      <span>{props.label}</span>
      <select value={props.value} onChange={({ currentTarget }) => props.onChange(currentTarget.value)}>
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The field that the collection itself names for such a job. */
function usualField({ categoryField = '', domainField = '' }: CollectionAnswer, kind: JobKind): string {
  return kind === 'learn-domains' ? domainField : categoryField;
}
