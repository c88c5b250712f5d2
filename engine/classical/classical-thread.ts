import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { Pixels } from '../types.js';
import type { ClassicalWorkerApi } from './classical-worker.js';
import type { PackedFeatures } from './matching/packed-features.js';
import { verifyOptionsSchema, type Verification, type VerifyOptions } from './matching/verify-geometry.js';
import type { SiftFeatureOptions } from './sift/sift-features.js';
import type { KMeansOptions } from './vocabulary/k-means.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';

/** As many as are matched with another picture's in some tens of milliseconds. */
export const MAX_POINTS = 500;

/** The thread that finds and compares key points for all collections; it starts when first needed, and again after a crash. */
export class ClassicalThread {
  #client: WorkerClient<ClassicalWorkerApi> | undefined;

  /**
   * Key points of SIFT with RootSIFT descriptors, the strongest 500 unless told otherwise; none in a plain picture.
   * @param pixels its long side best below 500: time grows with the area.
   * @throws `worker_crashed`
   */
  features(pixels: Pixels, options: Partial<SiftFeatureOptions> = {}): Promise<PackedFeatures> {
    return this.#running().call('features', { pixels, options: { maxPoints: MAX_POINTS, ...options } });
  }

  /** What two pictures have in common, see {@link verifyGeometry}. @throws `worker_crashed` */
  verify(from: PackedFeatures, to: PackedFeatures, options: Partial<VerifyOptions> = {}): Promise<Verification> {
    return this.#running().call('verify', { from, to, options: verifyOptionsSchema.parse(options) });
  }

  /** See {@link kMeans}. The rows' buffer moves to the thread. @throws `worker_crashed` */
  kMeans(rows: Float32Array, dimension: number, options: KMeansOptions): Promise<Vocabulary> {
    return this.#running().call('kMeans', { rows, dimension, options }, [rows.buffer as ArrayBuffer]);
  }

  /** Ends the thread; what it was asked fails. */
  async close(): Promise<void> {
    await this.#client?.close();
  }

  #running(): WorkerClient<ClassicalWorkerApi> {
    this.#client ??= this.#start();
    return this.#client;
  }

  #start(): WorkerClient<ClassicalWorkerApi> {
    const client = new WorkerClient<ClassicalWorkerApi>(workerUrl(import.meta.url, './classical-worker.js'), {
      name: 'classical',
      onCrash: () => {
        if (this.#client === client) this.#client = undefined;
      },
    });
    return client;
  }
}
