import { LikenessError } from '../errors.js';
import type { FixedInputs } from '../model/manifest.js';
import type { Region, Timings } from '../types.js';

/** One thing to search by, as it came. */
type GivenPart =
  | { kind: 'image'; bytes: Uint8Array; region?: Region; inputs?: FixedInputs }
  | { kind: 'id'; id: string }
  | { kind: 'descriptor'; vector: Float32Array; fingerprint: string };

/** A part whose descriptor is known: vector is of length 1 and of the collection's fingerprint. */
export interface ResolvedPart {
  kind: 'resolved';
  vector: Float32Array;
  facts: QueryFacts;
  timings: Timings;
}

/** One thing to search by. Several are averaged. */
export type QueryPart = GivenPart | ResolvedPart;

/** What was understood of a query, for the answer. */
export interface QueryFacts {
  kind: GivenPart['kind'];
  id?: string;
  width?: number;
  height?: number;
  /** EXIF orientation that was applied, 1..8. */
  orientation?: number;
  /** The region used, in oriented pixels. */
  region?: Region;
}

/**
 * @returns the mean of unit vectors, made a unit vector again; one vector is returned as it is.
 * @throws `image_too_plain` if they cancel out.
 */
export function meanDirection(vectors: Float32Array[]): Float32Array {
  const [first, ...others] = vectors;
  if (first === undefined) throw new LikenessError('invalid_request', 'expected at least one query, got none');
  if (others.length === 0) return first;
  const mean = Float32Array.from(first);
  for (const vector of others) vector.forEach((value, i) => (mean[i] = mean[i]! + value));
  const norm = Math.hypot(...mean);
  if (norm < 1e-6)
    throw new LikenessError('image_too_plain', 'expected queries with a common direction, got ones that cancel out');
  return mean.map((value) => value / norm);
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
