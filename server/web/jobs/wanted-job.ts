import type { NewJob } from '../../../server/schemas.js';

/** In the order in which they are offered: those that make searches better first. */
export const JOB_KINDS = ['calibrate', 'train-head', 'tune', 'learn-domains', 'reembed', 'verify'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** What the form of a job holds; which of it counts depends on the kind. */
export interface WantedJob {
  kind: JobKind;
  /** Metadata field that is learned from. */
  field: string;
  model: string;
  /** Measure only. */
  dryRun: boolean;
}

/** What a kind of job must be told beside its name. */
export function needOf(kind: JobKind): 'field' | 'model' | undefined {
  if (kind === 'reembed') return 'model';
  return kind === 'train-head' || kind === 'tune' || kind === 'learn-domains' ? 'field' : undefined;
}

/** @returns the job as the API takes it; undefined while something is missing. */
export function toJob({ kind, field, model, dryRun }: WantedJob): NewJob | undefined {
  switch (kind) {
    case 'calibrate':
    case 'verify':
      return { kind };
    case 'reembed':
      return model === '' ? undefined : { kind, model };
    case 'tune':
      return field === '' ? undefined : { kind, label: field, dryRun };
    case 'train-head':
    case 'learn-domains':
      return field === '' ? undefined : { kind, field };
  }
}
