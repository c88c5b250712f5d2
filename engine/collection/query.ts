import { LikenessError } from '../errors.js';
import type { FixedInputs } from '../model/manifest.js';
import type { Region, Subject, Timings } from '../types.js';
import type { PicturePlace } from './picture-places.js';

/** One thing to search by, as it came. */
export type GivenPart = (
  | ({ kind: 'image'; bytes: Uint8Array; mask?: Uint8Array; inputs?: FixedInputs } & PicturePlace)
  | { kind: 'id'; id: string }
  | { kind: 'descriptor'; vector: Float32Array; fingerprint: string }
) & {
  /** Its share in the combined query, below 0 for a counter-example; 1 if not given. */
  weight?: number;
};

/** A part whose descriptor is known: vector is of length 1 and of the collection's fingerprint. */
export interface ResolvedPart {
  kind: 'resolved';
  vector: Float32Array;
  facts: QueryFacts;
  timings: Timings;
  /** The picture's, where it came with the request. */
  bytes?: Uint8Array;
  mask?: Uint8Array;
}

/** One thing to search by. Several are combined, see {@link combineQueries}. */
export type QueryPart = GivenPart | ResolvedPart;

/** Something found in a query's picture, and whether the picture was searched by it. */
export interface UsedSubject extends Subject {
  used: boolean;
}

/** What was understood of a query, for the answer. */
export interface QueryFacts {
  kind: GivenPart['kind'];
  id?: string;
  /** Absent where none was given, which counts as 1. */
  weight?: number;
  width?: number;
  height?: number;
  /** EXIF orientation that was applied, 1..8. */
  orientation?: number;
  /** The region used, in oriented pixels. */
  region?: Region;
  /** What was found in the picture, where the search is by its subject; `used` by the best. */
  subjects?: UsedSubject[];
  /** SHA-256 of the picture's bytes, hex; absent where only a part of it was asked by. */
  contentHash?: string;
  /** Of what the model saw. */
  perceptualHash?: string;
}

/** A query that counts more than ten others is a mistake. */
export const MAX_QUERY_WEIGHT = 10;

/** Pictures, places in them, ids and descriptors in one search. */
export const MAX_QUERIES = 16;

/** @throws `invalid_request` where several regions of several pictures, or searches of late, are too many */
export function checkQueryCount(count: number): void {
  if (count <= MAX_QUERIES) return;
  const message = `expected at most ${MAX_QUERIES} queries, each region of each picture one, got ${count}`;
  throw new LikenessError('invalid_request', message);
}

/** @throws `invalid_request` where nothing says what to look for, or a weight is 0 or out of range */
export function checkWeights(parts: readonly QueryPart[]): void {
  const weights = parts.map(weightOf);
  const wrong = weights.find((weight) => !(Math.abs(weight) <= MAX_QUERY_WEIGHT) || weight === 0);
  if (wrong !== undefined) {
    const range = `-${MAX_QUERY_WEIGHT} to ${MAX_QUERY_WEIGHT}`;
    throw new LikenessError('invalid_request', `expected the weight of a query from ${range} and not 0, got ${wrong}`);
  }
  if (weights.some((weight) => weight > 0)) return;
  const got = weights.length === 0 ? 'none' : 'counter-examples alone';
  throw new LikenessError('invalid_request', `expected at least one query with a weight above 0, got ${got}`);
}

/**
 * Several examples and counter-examples as one query (Rocchio 1971): q = l2(sum_i w_i q_i), w_i below 0 for what is not
 * wanted. A single query is returned as it is.
 * @param parts at least one, each with a unit vector [D]
 * @throws `image_too_plain` if they cancel out
 */
export function combineQueries(parts: readonly Pick<ResolvedPart, 'vector' | 'facts'>[]): Float32Array {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first.vector;
  const sum = new Float64Array(first?.vector.length ?? 0);
  for (const { vector, facts } of parts) {
    const { weight = 1 } = facts;
    vector.forEach((value, i) => (sum[i] = sum[i]! + weight * value));
  }
  const norm = Math.hypot(...sum);
  if (norm < 1e-6)
    throw new LikenessError('image_too_plain', 'expected queries with a common direction, got ones that cancel out');
  return Float32Array.from(sum, (value) => value / norm);
}

function weightOf(part: QueryPart): number {
  return (part.kind === 'resolved' ? part.facts.weight : part.weight) ?? 1;
}

/**
 * Checks a descriptor that came from outside and makes it a unit vector.
 * @throws `fingerprint_mismatch`, `dimension_mismatch`, `invalid_descriptor`
 */
export function checkDescriptor(
  vector: Float32Array,
  fingerprint: string,
  expected: { fingerprint: string; dimension: number },
): Float32Array {
  if (fingerprint !== expected.fingerprint) {
    throw new LikenessError(
      'fingerprint_mismatch',
      `expected a descriptor with fingerprint ${expected.fingerprint}, got ${fingerprint}`,
    );
  }
  if (vector.length !== expected.dimension) {
    throw new LikenessError(
      'dimension_mismatch',
      `expected a descriptor of ${expected.dimension} numbers, got ${vector.length}`,
    );
  }
  const norm = Math.hypot(...vector);
  if (!Number.isFinite(norm) || norm < 1e-6) {
    throw new LikenessError(
      'invalid_descriptor',
      `expected finite numbers and a length above 0, got a length of ${norm}`,
    );
  }
  // a stored descriptor comes back bit by bit: only what is not of length 1 already is changed
  return Math.abs(norm - 1) < 1e-5 ? vector : vector.map((value) => value / norm);
}
