import { judgePair } from '../duplicates/pair-model.js';
import { hashDistanceOrMirrored } from '../duplicates/perceptual-hash.js';
import type { Verdict } from '../duplicates/verdict.js';
import { LikenessError } from '../errors.js';
import { calibrationOf } from './calibrate/calibration.js';
import type { Epoch } from './epoch.js';
import type { FoundImage } from './image-search.js';
import type { ResolvedPart } from './query.js';

/**
 * @returns a function that says of a hit what it is to the query. Verdicts are of pairs, so the mean of several queries has
 * none; without a calibration only `identical` is told.
 * @throws `invalid_request` or `not_calibrated` if a verdict is wanted that cannot be told
 */
export async function hitJudge(
  epoch: Pick<Epoch, 'learned'>,
  parts: readonly ResolvedPart[],
  wanted: Verdict | undefined,
): Promise<(hit: FoundImage) => FoundImage> {
  const [query, ...others] = parts;
  if (query === undefined || others.length > 0) {
    if (wanted === undefined) return (hit) => hit;
    throw new LikenessError('invalid_request', `expected one query with minVerdict, got ${parts.length}`);
  }
  const calibration = await calibrationOf(epoch);
  if (calibration === undefined && wanted !== undefined) refuseUncalibrated(wanted);
  // a verdict is of two pictures: of one and a part of the other there is none
  return (hit) =>
    hit.box === undefined
      ? { ...hit, ...judgePair(evidenceOf(query.facts, hit.record, hit.score), calibration?.model) }
      : hit;
}

/** @throws `not_calibrated` unless the verdict can be told without a calibration */
export function refuseUncalibrated(wanted: Verdict): void {
  if (wanted === 'identical') return;
  throw new LikenessError(
    'not_calibrated',
    `expected a calibrated collection for the verdict ${wanted}; run calibrate`,
  );
}

/** What tells one picture from another beside its descriptor. */
interface Hashes {
  contentHash?: string | undefined;
  perceptualHash?: string | undefined;
}

/** @returns what is known of two pictures. */
export function evidenceOf(a: Hashes, b: Hashes, cosine: number) {
  const hashes = a.perceptualHash !== undefined && b.perceptualHash !== undefined;
  return {
    cosine,
    hashDistance: hashes ? hashDistanceOrMirrored(a.perceptualHash!, b.perceptualHash!) : undefined,
    sameContent: a.contentHash !== undefined && a.contentHash === b.contentHash,
    sameHash: hashes && a.perceptualHash === b.perceptualHash,
  };
}
