/** The thread that fetches a sample of a collection and lays it out; see map-view.tsx for its calling side. */
import { LikenessClient } from '../../../client/likeness-client.js';
import { toLikenessError } from '../../../engine/errors.js';
import type { Metadata } from '../../../engine/types.js';
import { project, type Places } from './project.js';

/** What is asked for. */
export interface MapRequest {
  url: string;
  collection: string;
  /** About so many pictures at most. */
  sample: number;
}

/** A picture of the map. */
export interface MapImage {
  id: string;
  contentHash: string;
  metadata: Metadata;
}

/** What is told: how far it is, then the map or why there is none. */
export type MapMessage =
  | { kind: 'progress'; share: number }
  | { kind: 'map'; images: MapImage[]; places: Places }
  | { kind: 'failed'; code: string; message: string };

/** Share of the work that fetching is. */
const FETCH_SHARE = 0.2;

addEventListener('message', ({ data }: MessageEvent<MapRequest>) => {
  makeMap(data).catch((thrown: unknown) => {
    const { code, message } = toLikenessError(thrown);
    tell({ kind: 'failed', code, message });
  });
});

async function makeMap({ url, collection, sample }: MapRequest): Promise<void> {
  const client = new LikenessClient({ url });
  const images: MapImage[] = [];
  const rows: Float32Array[] = [];
  for await (const { id, contentHash, metadata, descriptor } of client.exportImages(collection, { sample })) {
    images.push({ id, contentHash, metadata });
    rows.push(decode(descriptor));
    if (rows.length % 100 === 0) tell({ kind: 'progress', share: FETCH_SHARE * Math.min(1, rows.length / sample) });
  }
  const dimension = rows[0]?.length ?? 1;
  const vectors = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) vectors.set(row, i * dimension);
  const places = project(vectors, dimension, (share) =>
    tell({ kind: 'progress', share: FETCH_SHARE + (1 - FETCH_SHARE) * share }),
  );
  tell({ kind: 'map', images, places });
}

function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function tell(message: MapMessage): void {
  postMessage(message);
}
