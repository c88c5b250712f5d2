import { z } from 'zod';
import { classStatistics } from './class-statistics.js';
import { truncateMap, type LinearMap } from './linear-map.js';
import { Moments } from './moments.js';
import { pairWhitening, type PairStatistics } from './pair-whitening.js';
import { pcaWhitening, type WhiteningOptions } from './pca-whitening.js';
import { rowOf, type Rows } from './rows.js';
import { softmaxMap } from './softmax-map.js';

/**
 * What may be put behind a chain: `pca` looks at the descriptors alone; `lw` is learned whitening from matching pairs; `lda`
 * is the same from the covariance within classes, shrunk; `softmax` goes on from that by gradient, to tell the classes apart;
 * `contrast` is Lw whose directions come of non-matching pairs.
 */
export const learningMethodSchema = z.enum(['pca', 'lw', 'lda', 'softmax', 'contrast']);
export type LearningMethod = z.infer<typeof learningMethodSchema>;
type ClosedMethod = Exclude<LearningMethod, 'softmax'>;

/** One way to learn a projection. */
export interface Candidate extends WhiteningOptions {
  method: LearningMethod;
}

/** Descriptors with the class of each. */
export interface LabelledRows {
  kind: 'labels';
  rows: Rows;
  classes: Int32Array;
}

/** Descriptors, and which of them belong together and which do not; each pair is two rows, flat [pairs * 2]. */
export interface PairedRows {
  kind: 'pairs';
  rows: Rows;
  matching: Uint32Array;
  nonMatching: Uint32Array;
}

export type Examples = LabelledRows | PairedRows;

/** Learns projections from the same examples; of candidates that differ in D alone, the work is done once. */
export class MapLearner {
  readonly #examples: Examples;
  readonly #whole = new Map<string, LinearMap>();

  constructor(examples: Examples) {
    this.#examples = examples;
  }

  /** @returns the projection that the candidate is for these examples. */
  learn({ method, ...options }: Candidate): LinearMap {
    if (method !== 'softmax') return this.#learnClosed(method, options);
    if (this.#examples.kind !== 'labels') throw new Error('expected labelled rows for softmax');
    return softmaxMap(this.#examples, this.#learnClosed('lda', options));
  }

  /** In closed form. */
  #learnClosed(method: ClosedMethod, { power, shrinkage, dimension }: WhiteningOptions): LinearMap {
    const key = `${method} ${power} ${shrinkage}`;
    const whole = this.#whole.get(key) ?? this.#learnWhole(method, { power, shrinkage, dimension: Infinity });
    this.#whole.set(key, whole);
    return truncateMap(whole, dimension);
  }

  #learnWhole(method: ClosedMethod, options: WhiteningOptions): LinearMap {
    if (method === 'pca') return pcaWhitening(momentsOf(this.#examples.rows), options);
    return pairWhitening(statisticsOf(method, this.#examples), options);
  }
}

function statisticsOf(method: ClosedMethod, examples: Examples): PairStatistics {
  if (examples.kind === 'labels')
    return classStatistics(examples.rows, examples.classes, method === 'lda' ? 'by-image' : 'by-pair');
  const all = momentsOf(examples.rows);
  const matching = differences(examples.rows, examples.matching);
  const mean = all.mean();
  if (method !== 'contrast') return { matching, spread: all, spreadAbout: mean, mean };
  const spread = differences(examples.rows, examples.nonMatching);
  return { matching, spread, spreadAbout: new Float64Array(mean.length), mean };
}

function momentsOf(rows: Rows): Moments {
  const moments = new Moments(rows.dimension);
  for (let row = 0; row < rows.count; row++) moments.add(rowOf(rows, row));
  return moments;
}

function differences(rows: Rows, pairs: Uint32Array): Moments {
  const moments = new Moments(rows.dimension);
  for (let i = 0; i < pairs.length; i += 2) {
    const [a, b] = [rowOf(rows, pairs[i]!), rowOf(rows, pairs[i + 1]!)];
    moments.add(a.map((value, k) => value - b[k]!));
  }
  return moments;
}
