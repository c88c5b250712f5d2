import type { PointBox, Verification } from '../../classical/matching/verify-geometry.js';
import { judgePair, type Judgement } from '../../duplicates/pair-model.js';
import { LikenessError } from '../../errors.js';
import { sha256 } from '../../sha256.js';
import type { ImageRecord } from '../../types.js';
import { calibrationOf } from '../calibrate/calibration.js';
import type { Epoch } from '../epoch.js';
import { evidenceOf } from '../judge-hits.js';
import type { OriginalKeeper } from '../original-keeper.js';
import type { CollectionServices } from '../services.js';
import { matchPicture } from './match-picture.js';

/** One of the two pictures: bytes, or a stored image. */
export type ComparedPicture = { bytes: Uint8Array } | { id: string };

export interface CompareRequest {
  a: ComparedPicture;
  b: ComparedPicture;
  /** Also draw both with their common points joined. */
  picture?: boolean;
  signal?: AbortSignal;
}

/** A place in a picture, in oriented pixels. */
interface Place {
  x: number;
  y: number;
}

/** What two pictures have in common, point by point; coordinates are oriented pixels of each. */
export interface Geometry {
  /** Pairs of points that agree on one map of the plane. */
  inliers: number;
  /** Pairs of points that match, whether they agree or not. */
  matches: number;
  /** Where the points that agree lie; absent without any. */
  regions?: { a: PointBox; b: PointBox };
  /** The pairs that agree. */
  points: { a: Place; b: Place }[];
}

export interface Comparison extends Partial<Judgement> {
  fingerprint: string;
  /** Cosine. */
  score: number;
  /** Bits in which the perceptual hashes differ, mirrored or not. */
  hashDistance?: number;
  geometry: Geometry;
  /** PNG, where it was asked for. */
  picture?: Uint8Array;
}

/** What a comparison works with. */
interface CompareContext {
  epoch: Epoch;
  originals: OriginalKeeper;
  services: CollectionServices;
}

/**
 * Compares two pictures by descriptor, perceptual hash and key points.
 * @throws the image codes, `image_not_found`, `original_not_available`
 */
export async function comparePictures(context: CompareContext, request: CompareRequest): Promise<Comparison> {
  const { epoch, services } = context;
  const { signal } = request;
  const [a, b] = await Promise.all([resolve(context, request.a, signal), resolve(context, request.b, signal)]);
  const [from, to] = await Promise.all(
    [a, b].map(({ contentHash, bytes }) => services.features.features(contentHash, () => Promise.resolve(bytes))),
  );
  signal?.throwIfAborted();
  const geometry = toGeometry(await services.classical.verify(from!, to!));
  const cosine = a.vector.reduce((sum, value, i) => sum + value * b.vector[i]!, 0);
  const evidence = evidenceOf(a, b, cosine);
  const picture =
    request.picture === true ? await matchPicture(a.bytes, b.bytes, geometry, services.limits) : undefined;
  return {
    fingerprint: epoch.model.fingerprint,
    score: cosine,
    ...(evidence.hashDistance === undefined ? {} : { hashDistance: evidence.hashDistance }),
    ...judgePair(evidence, (await calibrationOf(epoch))?.model),
    geometry,
    ...(picture === undefined ? {} : { picture }),
  };
}

interface ResolvedPicture {
  bytes: Uint8Array;
  vector: Float32Array;
  contentHash: string;
  perceptualHash?: string | undefined;
}

async function resolve(
  { epoch, originals }: CompareContext,
  given: ComparedPicture,
  signal: AbortSignal | undefined,
): Promise<ResolvedPicture> {
  if ('id' in given) {
    const [record, { vector }] = await Promise.all([epoch.store.get(given.id), epoch.store.descriptorOf(given.id)]);
    return { ...hashesOf(record), bytes: await originals.read(record), vector };
  }
  if (given.bytes.length === 0) throw new LikenessError('empty_body', 'expected the bytes of a picture, got none');
  const options = signal === undefined ? {} : { signal };
  const { vector, perceptualHash } = await epoch.describer.describe(given.bytes, options);
  return { bytes: given.bytes, vector, contentHash: await sha256(given.bytes), perceptualHash };
}

function hashesOf({ contentHash, perceptualHash }: ImageRecord) {
  return { contentHash, perceptualHash };
}

function toGeometry({ inliers, matches, boxes }: Verification): Geometry {
  return {
    inliers,
    matches: matches.length,
    ...(boxes === undefined ? {} : { regions: { a: boxes.from, b: boxes.to } }),
    points: matches.flatMap(({ from, to, inlier }): Geometry['points'] =>
      inlier ? [{ a: placeOf(from), b: placeOf(to) }] : [],
    ),
  };
}

function placeOf([x, y]: readonly [number, number]): Place {
  return { x, y };
}
