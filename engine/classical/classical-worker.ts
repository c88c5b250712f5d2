/** The thread for key points and their geometry; see classical-thread.ts for its calling side. */
import { Transferred, serveWorker } from '../threads/serve-worker.js';
import type { Pixels } from '../types.js';
import { packFeatures, unpackFeatures, type PackedFeatures } from './matching/packed-features.js';
import { verifyGeometry, type VerifyOptions } from './matching/verify-geometry.js';
import { siftFeatures, type SiftFeatureOptions } from './sift/sift-features.js';
import { kMeans, type KMeansOptions } from './vocabulary/k-means.js';

const handlers = {
  features: ({ pixels, options }: { pixels: Pixels; options: SiftFeatureOptions }) => {
    const features = packFeatures(siftFeatures(pixels, options));
    return new Transferred(features, [features.points.buffer, features.descriptors.buffer] as ArrayBuffer[]);
  },
  verify: ({ from, to, options }: { from: PackedFeatures; to: PackedFeatures; options: VerifyOptions }) =>
    verifyGeometry(unpackFeatures(from), unpackFeatures(to), options),
  kMeans: ({ rows, dimension, options }: { rows: Float32Array; dimension: number; options: KMeansOptions }) =>
    kMeans(rows, dimension, options),
};

/** As the calling side sees it: what is transferred arrives as its value. */
export type ClassicalWorkerApi = Omit<typeof handlers, 'features'> & {
  features: (request: { pixels: Pixels; options: SiftFeatureOptions }) => PackedFeatures;
};

serveWorker(handlers);
