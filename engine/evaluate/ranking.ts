import { LikenessError } from '../errors.js';
import type { Timings } from '../types.js';

/** A picture as the ranking sees it. */
export interface DescribedItem {
  id: string;
  label: string;
  /** Descriptor [D]; unit length, if the dot product is to be the cosine. */
  vector: Float32Array;
}

/** The whole gallery in the order of one query. */
export interface Ranking {
  /** Position of the query in the list of queries. */
  query: number;
  /** Positions in the gallery list, best first; all of them, but what the ranking may leave out. */
  order: Uint32Array;
  /** Dot products by gallery position [N]. */
  scores: Float32Array;
  /** Of each stage, where there are several. */
  timings?: Timings;
}

/**
 * Orders the whole gallery for each query, in the order of the queries; a system with ranking stages supplies its own.
 * @param own by query, the gallery position of its own picture where that does not count: a stage that looks at neighbours
 * must not see it, and the ranking may leave it out
 */
export type RankGallery = (
  queries: readonly DescribedItem[],
  gallery: readonly DescribedItem[],
  own: readonly (number | undefined)[],
) => Iterable<Ranking> | AsyncIterable<Ranking>;

const QUERY_BLOCK = 16;
/** 2^21: a rank key is 32 bits of score and 21 of position, which is what a double holds exactly. */
const POSITIONS = 2 ** 21;

/**
 * Exact ranking of the whole gallery by dot product, query by query; nothing is approximated or cut. Equal scores (as
 * float32) are ordered by id. A query that is itself in the gallery is ranked like the rest: protocols call it junk.
 * @throws dimension_mismatch, invalid_descriptor for a number that is not finite, invalid_request for an id that the gallery
 * has twice or a gallery of more than 2^21 pictures.
 */
export function* rankExactly(queries: readonly DescribedItem[], gallery: readonly DescribedItem[]): Generator<Ranking> {
  const exact = new ExactGallery(gallery);
  for (let start = 0; start < queries.length; start += QUERY_BLOCK) {
    const ranked = exact.rank(queries.slice(start, start + QUERY_BLOCK));
    for (const [row, ranking] of ranked.entries()) yield { query: start + row, ...ranking };
  }
}

/** A gallery that can be asked again and again. */
export class ExactGallery {
  readonly #dimension: number;
  /** Gallery positions in the order of ids. */
  readonly #byId: readonly number[];
  /** Vectors in that order. */
  readonly #rows: Float32Array;

  /** @throws as {@link rankExactly} */
  constructor(gallery: readonly DescribedItem[]) {
    checkGallery(gallery);
    this.#dimension = gallery[0]?.vector.length ?? 0;
    this.#byId = positionsById(gallery);
    const sorted = this.#byId.map((position) => gallery[position]!);
    this.#rows = stack(sorted, this.#dimension);
  }

  /** @returns the whole gallery in the order of each query. @throws as {@link rankExactly} */
  rank(queries: readonly DescribedItem[]): Pick<Ranking, 'order' | 'scores'>[] {
    const block = stack(queries, this.#dimension);
    return scoreBlock(block, this.#rows, this.#dimension).map((scores) => this.#toRanking(scores));
  }

  /** @param scores by place in the order of ids */
  #toRanking(scores: Float32Array): Pick<Ranking, 'order' | 'scores'> {
    const byPosition = new Float32Array(scores.length);
    this.#byId.forEach((position, place) => (byPosition[position] = scores[place]!));
    return { order: descendingOrder(scores).map((place) => this.#byId[place]!), scores: byPosition };
  }
}

/**
 * @returns positions by descending score, equal ones by position. Score and position are packed into one double each, so
 * that the engine's native numeric sort does the work: many times faster than a comparator.
 */
export function descendingOrder(scores: Float32Array): Uint32Array {
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = new Float64Array(scores.length);
  // the bits of a negative float, read as an integer, rise as it falls: mirror them (-0 becomes 0), then negate all
  bits.forEach((word, position) => (keys[position] = -(word >= 0 ? word : -2147483648 - word) * POSITIONS + position));
  keys.sort();
  return Uint32Array.from(keys, (key) => key - Math.floor(key / POSITIONS) * POSITIONS);
}

/** @returns scores [queries][N]: each gallery row is read once per block of queries, while it is in the cache. */
function scoreBlock(block: Float32Array, rows: Float32Array, dimension: number): Float32Array[] {
  const queries = dimension === 0 ? 0 : block.length / dimension;
  const count = dimension === 0 ? 0 : rows.length / dimension;
  const scores = Array.from({ length: queries }, () => new Float32Array(count));
  for (let row = 0; row < count; row++) {
    for (let query = 0; query < queries; query++) {
      scores[query]![row] = dot(block, query * dimension, rows, row * dimension, dimension);
    }
  }
  return scores;
}

/** Four sums instead of one: the additions do not wait for each other. */
function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[aStart + i]! * b[bStart + i]!;
    s1 += a[aStart + i + 1]! * b[bStart + i + 1]!;
    s2 += a[aStart + i + 2]! * b[bStart + i + 2]!;
    s3 += a[aStart + i + 3]! * b[bStart + i + 3]!;
  }
  for (; i < length; i++) s0 += a[aStart + i]! * b[bStart + i]!;
  return s0 + s1 + (s2 + s3);
}

/** @returns the vectors as one matrix [items, dimension], row-major. */
function stack(items: readonly DescribedItem[], dimension: number): Float32Array {
  const matrix = new Float32Array(items.length * dimension);
  items.forEach(({ id, vector }, row) => {
    if (vector.length !== dimension) {
      const message = `expected ${dimension} numbers in the descriptor of ${id}, got ${vector.length}`;
      throw new LikenessError('dimension_mismatch', message);
    }
    if (!vector.every(Number.isFinite)) {
      throw new LikenessError('invalid_descriptor', `expected finite numbers in the descriptor of ${id}`);
    }
    matrix.set(vector, row * dimension);
  });
  return matrix;
}

function checkGallery(gallery: readonly DescribedItem[]): void {
  if (gallery.length > POSITIONS) {
    throw new LikenessError('invalid_request', `expected at most ${POSITIONS} gallery pictures, got ${gallery.length}`);
  }
  const seen = new Set<string>();
  for (const { id } of gallery) {
    if (seen.has(id)) throw new LikenessError('invalid_request', `expected each gallery id once, got ${id} twice`);
    seen.add(id);
  }
}

function positionsById(items: readonly DescribedItem[]): number[] {
  return items.map((_, position) => position).sort((a, b) => (items[a]!.id < items[b]!.id ? -1 : 1));
}
