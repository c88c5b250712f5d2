import { compileVectorChain, type VectorStage } from './descriptor/chain.js';
import type { StageValues } from './descriptor/compile-pooling.js';
import { bootstrapMean, bootstrapOptionsSchema, pairedDifference, type Interval } from './evaluate/bootstrap.js';
import { crossValidate, splitFolds, type Fold, type LearningData } from './cross-validate.js';
import { MapLearner, type Candidate } from './learning/learning-method.js';
import type { LinearMap } from './learning/linear-map.js';
import { pairsOf } from './learning/feedback-lists.js';
import type { ChainStage } from './model/chain-stage.js';

/** What a candidate did for queries that it was not learned from. */
export interface Measured {
  /** Queries that were asked. */
  queries: number;
  /** Mean of their average precisions (finite sum). */
  map: Interval;
  /** Against no projection, query by query. */
  gain: Interval;
}

const BOOTSTRAP = bootstrapOptionsSchema.parse({});

/** Measures and learns projections; synchronous and long, what its thread runs. */
export class Learner {
  #data: LearningData | undefined;
  #folds: Fold[] = [];
  #without: Float64Array | undefined;
  #apply: VectorStage | undefined;

  /** Takes what is to be learned from. */
  load(data: LearningData): void {
    this.#data = data;
    this.#folds = splitFolds(data);
    this.#without = undefined;
  }

  /** @param candidate absent: no projection, what the others are compared with. */
  measure(candidate: Candidate | undefined): Measured {
    this.#without ??= crossValidate(undefined, this.#folds);
    const found = candidate === undefined ? this.#without : crossValidate(candidate, this.#folds);
    return {
      queries: found.length,
      map: bootstrapMean(found, BOOTSTRAP),
      gain: pairedDifference(found, this.#without, BOOTSTRAP),
    };
  }

  /** @returns the candidate's projection, learned from everything. */
  learn(candidate: Candidate): LinearMap {
    const data = this.#loaded;
    return new MapLearner(data.kind === 'labels' ? data : pairsOf(data.rows, data.lists)).learn(candidate);
  }

  /** Takes stages on vectors and the values of their files, for {@link apply}. @throws `model_invalid` */
  useStages({ stages, values }: { stages: ChainStage[]; values: StageValues }): void {
    this.#apply = compileVectorChain(stages, values);
  }

  /** @returns the descriptor behind the stages, bit for bit as an extraction makes it. @throws `image_too_plain` */
  apply(vector: Float32Array): Float32Array {
    if (this.#apply === undefined) throw new Error('expected useStages to be called first');
    return this.#apply(vector);
  }

  get #loaded(): LearningData {
    if (this.#data === undefined) throw new Error('expected load to be called first');
    return this.#data;
  }
}
