import { createHash } from 'node:crypto';
import type { ClassicalThread } from '../classical/classical-thread.js';
import type { PackedFeatures } from '../classical/matching/packed-features.js';
import { isPictureError, LikenessError, toLikenessError } from '../errors.js';
import { mapConcurrently } from '../map-concurrently.js';
import { pickDefined } from '../pick-defined.js';
import type { GeometricStage } from '../ranking/ranking-stage.js';
import type { Store } from '../store/store.js';
import type { ImageRecord } from '../types.js';
import type { FeatureKeeper } from './feature-keeper.js';
import type { OriginalKeeper } from './original-keeper.js';
import type { ResolvedPart } from './query.js';

/** One picture is decoded while the thread works on another. */
const CONCURRENCY = 3;

/** Verifies candidates of a collection against the pictures that were asked with. */
export class GeometricVerifier {
  readonly #originals: OriginalKeeper;
  readonly #keeper: FeatureKeeper;
  readonly #classical: ClassicalThread;

  constructor(originals: OriginalKeeper, services: { features: FeatureKeeper; classical: ClassicalThread }) {
    this.#originals = originals;
    this.#keeper = services.features;
    this.#classical = services.classical;
  }

  /**
   * @returns of each candidate the points that agree with the query that it agrees with best. 0 where the candidate's
   * original is gone or cannot be decoded, or the stage's time ran out before its turn.
   * @throws `invalid_request` if there is no picture of a query, `original_not_available`, the signal's reason
   */
  async inliers(
    queries: readonly PackedFeatures[],
    records: readonly ImageRecord[],
    { timeoutMs }: Pick<GeometricStage, 'timeoutMs'>,
    signal?: AbortSignal,
  ): Promise<number[]> {
    const deadline = performance.now() + timeoutMs;
    return mapConcurrently(records, CONCURRENCY, async (record) => {
      signal?.throwIfAborted();
      if (performance.now() > deadline) return 0;
      return this.#inliersOf(queries, record);
    });
  }

  /**
   * @returns the points on which two stored images agree; 0 where one of them or its original is gone, or cannot be decoded.
   * @throws `worker_crashed`
   */
  async inliersBetween(store: Store, ids: readonly [string, string]): Promise<number> {
    const records = await store.getMany([...ids]);
    const [from, to] = await Promise.all(
      records.map((record) => this.#featuresOfRecord(record).catch(noneIfPictureError)),
    );
    return from === undefined || to === undefined ? 0 : (await this.#classical.verify(from, to)).inliers;
  }

  /**
   * Key points of what was asked with; counter-examples are not looked at. They are kept, so that the same query can be
   * asked again without its picture for a while. @throws as {@link inliers}
   */
  async queryFeatures(parts: readonly ResolvedPart[], store: Store): Promise<PackedFeatures[]> {
    const wanted = parts.filter(({ facts }) => (facts.weight ?? 1) > 0);
    return Promise.all(wanted.map((part) => this.#featuresOfQuery(part, store)));
  }

  async #featuresOfQuery({ vector, facts, bytes, mask }: ResolvedPart, store: Store): Promise<PackedFeatures> {
    if (facts.id !== undefined) return this.#featuresOfRecord(await store.get(facts.id));
    const key = `query ${createHash('sha256').update(vector).digest('hex')}`;
    const part = pickDefined({ region: facts.region, mask }, ['region', 'mask']);
    if (bytes !== undefined) return this.#keeper.features(key, () => Promise.resolve(bytes), part);
    const kept = this.#keeper.recall(key);
    if (kept !== undefined) return kept;
    const message = `geometric: expected queries with a picture at hand, got ${facts.kind === 'image' ? 'one of long ago' : 'a descriptor'}`;
    throw new LikenessError('invalid_request', message);
  }

  #featuresOfRecord(record: ImageRecord): Promise<PackedFeatures> {
    return this.#keeper.features(record.contentHash, () => this.#originals.read(record));
  }

  async #inliersOf(queries: readonly PackedFeatures[], record: ImageRecord): Promise<number> {
    const features = await this.#featuresOfRecord(record).catch(noneIfPictureError);
    if (features === undefined) return 0;
    const found = await Promise.all(queries.map((query) => this.#classical.verify(query, features)));
    return Math.max(0, ...found.map(({ inliers }) => inliers));
  }
}

function noneIfPictureError(thrown: unknown): undefined {
  const error = toLikenessError(thrown);
  if (!isPictureError(error)) throw error;
}
