import { useEffect, useState } from 'preact/hooks';
import { LikenessError, type ErrorCode } from '../../../engine/errors.js';
import { BASE } from '../state/api.js';
import { EmptyState } from '../widgets/empty-state.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { MapCanvas } from './map-canvas.js';
import type { MapImage, MapMessage, MapRequest } from './map-worker.js';

/** Pictures of a map at most; more would take minutes to lay out. */
const SAMPLE = 5000;

/** What is known of the map so far. */
type Progress =
  | { kind: 'progress'; share: number }
  | { kind: 'map'; images: readonly MapImage[]; places: Float32Array }
  | { kind: 'failed'; problem: LikenessError };

/** The collection as a plane on which like lies by like. */
export function MapView({ collection }: { collection: string }) {
  const { map: text, results } = words.value;
  const now = useMap(collection);
  return (
    <section class="map-view" id="results" tabIndex={-1} aria-busy={now.kind === 'progress'}>
      <h1 class="unseen">{text.heading}</h1>
      {now.kind === 'failed' && <ProblemNote problem={now.problem} />}
      {now.kind === 'progress' && (
        <div class="map-progress" role="status">
          <p>{text.making}</p>
          <progress max={1} value={now.share} aria-label={text.making} />
        </div>
      )}
      {now.kind === 'map' &&
        (now.images.length === 0 ? (
          <EmptyState icon="map" title={results.emptyCollection} hint={results.emptyHint} />
        ) : (
          <MapCanvas collection={collection} images={now.images} places={now.places} />
        ))}
    </section>
  );
}

/** Laid out in a thread of its own, anew each time: the collection may have changed. */
function useMap(collection: string): Progress {
  const [now, setNow] = useState<Progress>({ kind: 'progress', share: 0 });
  useEffect(() => {
    setNow({ kind: 'progress', share: 0 });
    const worker = new Worker(new URL('./map-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<MapMessage>) => setNow(toProgress(data)));
    worker.postMessage({ url: BASE, collection, sample: SAMPLE } satisfies MapRequest);
    return () => worker.terminate();
  }, [collection]);
  return now;
}

function toProgress(message: MapMessage): Progress {
  if (message.kind !== 'failed') return message;
  return { kind: 'failed', problem: new LikenessError(message.code as ErrorCode, message.message) };
}
