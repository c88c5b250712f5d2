import { LikenessError } from '../../errors.js';
import { hashDistanceOrMirrored } from '../perceptual-hash.js';
import type { CalibrationSamples, PairLikeness, PairSample } from './fit-calibration.js';

/** Distinct pictures of a collection, in an order that says nothing of them. */
export interface SampledPictures {
  /** Unit descriptors [hashes.length, dimension] row-major. */
  vectors: Float32Array;
  dimension: number;
  /** Perceptual hashes. */
  hashes: string[];
}

/** Another picture, or an edited copy, beside the sampled picture of that row. */
export interface Companion {
  row: number;
  vector: Float32Array;
  hash: string;
}

export interface Companions {
  nearest: Companion[];
  edits: (Companion & { kind: string })[];
}

/** Of each ten pictures, five are fitted on, two set the probabilities, three are measured on. */
const PARTS = [...Array<'fit'>(5).fill('fit'), 'scale', 'scale', 'test', 'test', 'test'] as const;
type Part = (typeof PARTS)[number];
/** Random pairs of each part at most. */
const MAX_RANDOM_PAIRS = { fit: 60_000, scale: 30_000, test: 60_000 } as const;

/** @returns the part that the picture of a row is in. */
export function partOf(row: number): Part {
  return PARTS[row % PARTS.length]!;
}

/**
 * @param random in [0,1)
 * @returns the pairs of each part: at random, with the nearest others, with edited copies
 * @throws `too_few_images` if one of these is empty
 */
export function samplePairs(
  pictures: SampledPictures,
  { nearest, edits }: Companions,
  random: () => number,
): CalibrationSamples {
  const beside = ({ row, vector, hash }: Companion): PairLikeness => ({
    cosine: dotOf(pictures.vectors, row * pictures.dimension, vector, 0, pictures.dimension),
    hashDistance: hashDistanceOrMirrored(pictures.hashes[row]!, hash),
  });
  const sample = (part: Part): PairSample => ({
    random: randomPairs(pictures, part, random),
    nearest: nearest.filter(({ row }) => partOf(row) === part).map(beside),
    edits: edits.filter(({ row }) => partOf(row) === part).map((edit) => ({ ...beside(edit), kind: edit.kind })),
  });
  const samples = { fit: sample('fit'), scale: sample('scale'), test: sample('test') };
  Object.values(samples).forEach(refuseEmpty);
  return samples;
}

function refuseEmpty(sample: PairSample): void {
  const empty = (['random', 'nearest', 'edits'] as const).find((origin) => sample[origin].length === 0);
  if (empty !== undefined)
    throw new LikenessError('too_few_images', `expected images for pairs of each kind, got none for ${empty}`);
}

function randomPairs(pictures: SampledPictures, part: Part, random: () => number): PairLikeness[] {
  const rows = Array.from(pictures.hashes.keys()).filter((row) => partOf(row) === part);
  return drawPairs(rows.length, MAX_RANDOM_PAIRS[part], random).map(([i, j]) =>
    likenessOfRows(pictures, rows[i]!, rows[j]!),
  );
}

/** @returns pairs i < j of 0..count-1: all of them if there are at most `wanted`, else so many at random. */
function drawPairs(count: number, wanted: number, random: () => number): [number, number][] {
  if ((count * (count - 1)) / 2 <= wanted)
    return Array.from({ length: count }, (_, j) =>
      Array.from({ length: j }, (_, i): [number, number] => [i, j]),
    ).flat();
  return Array.from({ length: wanted }, () => {
    const i = Math.floor(random() * count);
    const j = (i + 1 + Math.floor(random() * (count - 1))) % count;
    return i < j ? [i, j] : [j, i];
  });
}

function likenessOfRows({ vectors, dimension, hashes }: SampledPictures, i: number, j: number): PairLikeness {
  return {
    cosine: dotOf(vectors, i * dimension, vectors, j * dimension, dimension),
    hashDistance: hashDistanceOrMirrored(hashes[i]!, hashes[j]!),
  };
}

function dotOf(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let dot = 0;
  for (let i = 0; i < length; i++) dot += a[aStart + i]! * b[bStart + i]!;
  return dot;
}
