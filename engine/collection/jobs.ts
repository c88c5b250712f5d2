import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LikenessError, serializeError } from '../errors.js';

/** Jobs that are over and still told of. */
const KEPT = 20;

/** How far a job is. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(['reembed', 'verify', 'train-head', 'learn-domains', 'tune', 'calibrate']),
  state: z.enum(['running', 'done', 'failed']),
  done: z.number().int().describe('images that are done; candidates that are measured; rounds of a training'),
  total: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  result: z.unknown().describe('what the job gave, once it is done'),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Job = z.infer<typeof jobSchema>;
type JobKind = Job['kind'];

/** What a job is run with. */
export interface JobContext {
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** Kinds that fill and swap in another epoch: of these, one at a time. */
const SWAPPING: readonly JobKind[] = ['reembed', 'tune'];

/** Long work on one collection that nobody waits for on a connection; one of a kind at a time. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  /** Starts it and returns at once. @throws `job_running` */
  start(kind: JobKind, run: (context: JobContext) => Promise<unknown>): Job {
    const other = this.list().find((job) => job.state === 'running' && excludes(job.kind, kind));
    if (other !== undefined)
      throw new LikenessError('job_running', `expected no ${other.kind} job to run, but ${other.id} does`);
    const job: Job = {
      id: randomUUID(),
      kind,
      state: 'running',
      done: 0,
      total: 0,
      startedAt: new Date().toISOString(),
      result: undefined,
    };
    this.#jobs.set(job.id, job);
    this.#running.set(job.id, this.#follow(job, run));
    this.#forgetOldest();
    return job;
  }

  /** Newest first. */
  list(): Job[] {
    return [...this.#jobs.values()].reverse();
  }

  /** @throws `job_not_found` */
  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new LikenessError('job_not_found', `expected the id of a job since the last start, got ${id}`);
  }

  /** Asks running jobs to stop, and waits until they have. */
  async close(): Promise<void> {
    this.#stop.abort(new LikenessError('shutting_down', 'the collection is being closed'));
    await Promise.all(this.#running.values());
  }

  async #follow(job: Job, run: (context: JobContext) => Promise<unknown>): Promise<void> {
    const onProgress = (done: number, total: number) => Object.assign(job, { done, total });
    try {
      job.result = await run({ onProgress, signal: this.#stop.signal });
      job.state = 'done';
    } catch (error) {
      const { code, message } = serializeError(error);
      Object.assign(job, { state: 'failed', error: { code, message } });
    }
    job.endedAt = new Date().toISOString();
    this.#running.delete(job.id);
  }

  #forgetOldest(): void {
    const over = [...this.#jobs.values()].filter((job) => job.state !== 'running');
    for (const job of over.slice(0, Math.max(0, over.length - KEPT))) this.#jobs.delete(job.id);
  }
}

function excludes(running: JobKind, wanted: JobKind): boolean {
  return running === wanted || (SWAPPING.includes(running) && SWAPPING.includes(wanted));
}
