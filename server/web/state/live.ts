import type { Job } from '../../../engine/collection/jobs.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { BASE } from './api.js';

/** A browser comes back by itself to a stream that broke off, but not to one that was refused: that is asked for after this. */
const AGAIN_MS = 10_000;

interface Listener {
  onJob: (job: Job) => void;
  onCollection: (answer: CollectionAnswer) => void;
}

/** Listens to a collection: its jobs and counts at first, then each change. @returns what ends it */
export function listenTo(collection: string, { onJob, onCollection }: Listener): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    const stream = new EventSource(`${BASE}/v1/collections/${encodeURIComponent(collection)}/events`);
    stream.addEventListener('job', ({ data }) => onJob(JSON.parse(data as string) as Job));
    stream.addEventListener('collection', ({ data }) => onCollection(JSON.parse(data as string) as CollectionAnswer));
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
    });
    source = stream;
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
