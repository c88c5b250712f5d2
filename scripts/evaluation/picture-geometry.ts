import { readFile } from 'node:fs/promises';
import { ClassicalThread } from '../../engine/classical/classical-thread.js';
import type { PackedFeatures } from '../../engine/classical/matching/packed-features.js';
import { FeatureKeeper } from '../../engine/collection/feature-keeper.js';
import { LikenessError } from '../../engine/errors.js';
import type { EvaluatedSystem } from '../../engine/evaluate/evaluation-plan.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { EvaluationItem } from '../../engine/evaluate/protocol.js';
import type { ImageLimits } from '../../engine/image/limits.js';

/** All that a development set has: an evaluation asks with each of them. */
const MAX_PICTURES = 5000;

/** Verifies pictures of an evaluation, as the stage `geometric` does those of a collection. */
export class PictureGeometry {
  readonly #classical = new ClassicalThread();
  readonly #keeper: FeatureKeeper;
  /** Where each descriptor came from; one of a changed picture is not there. */
  readonly #items = new WeakMap<Float32Array, EvaluationItem>();

  constructor(limits: ImageLimits) {
    this.#keeper = new FeatureKeeper({ classical: this.#classical, limits }, MAX_PICTURES);
  }

  /** @returns the same, that remembers which picture a descriptor is of. */
  noting(describe: EvaluatedSystem['describe']): EvaluatedSystem['describe'] {
    return async (item, transform) => {
      const vector = await describe(item, transform);
      if (transform === undefined) this.#items.set(vector, item);
      return vector;
    };
  }

  /**
   * @param query, candidates as they were described. @returns of each candidate the points that agree with the query.
   * @throws `invalid_request` for a changed picture
   */
  async inliers(query: Float32Array, candidates: readonly Float32Array[]): Promise<number[]> {
    const asked = await this.#features(query);
    const counts: number[] = [];
    for (const candidate of candidates)
      counts.push((await this.#classical.verify(asked, await this.#features(candidate))).inliers);
    return counts;
  }

  close(): Promise<void> {
    return this.#classical.close();
  }

  #features(vector: Float32Array): Promise<PackedFeatures> {
    const item = this.#items.get(vector);
    if (item === undefined)
      throw new LikenessError(
        'invalid_request',
        'geometric: expected untouched pictures, got changed ones (--transforms)',
      );
    return this.#keeper.features(
      `${item.path} ${JSON.stringify(item.region)}`,
      () => readFile(item.path),
      pickDefined(item, ['region']),
    );
  }
}
