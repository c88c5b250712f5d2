import { LikenessError } from '../errors.js';
import type { PictureBatch } from './pooled-statistics.js';

/** Pictures of one batch; more lie closer to the statistics of all, and take more memory. */
const BATCH_PICTURES = 32;

/** A picture as the network takes it; made when asked for, so that thousands need not lie in memory as floats. */
export interface PictureInput {
  height: number;
  width: number;
  /** [3,height,width], or [height,width,3] where the manifest's layout is nhwc. */
  tensor: () => Float32Array;
}

/** @throws invalid_request if there are no pictures. */
export function refuseNone(pictures: readonly PictureInput[]): void {
  if (pictures.length === 0) throw new LikenessError('invalid_request', 'expected at least one picture, got none');
}

/** @returns each picture as a batch of its own, so that they may differ in size. */
export function* singles(pictures: readonly PictureInput[]): Generator<PictureBatch> {
  for (const { height, width, tensor } of pictures) yield { count: 1, height, width, data: tensor() };
}

/**
 * @returns batches of about 32, as like in size as can be: the statistics of a small rest would be worth little.
 * @throws invalid_request if pictures differ in size.
 */
export function* evenBatches(pictures: readonly PictureInput[]): Generator<PictureBatch> {
  const { height, width } = sizeOfAll(pictures);
  const batches = Math.ceil(pictures.length / BATCH_PICTURES);
  for (let i = 0; i < batches; i++) {
    const part = pictures.slice(
      Math.floor((i * pictures.length) / batches),
      Math.floor(((i + 1) * pictures.length) / batches),
    );
    const data = new Float32Array(part.length * 3 * height * width);
    for (const [k, picture] of part.entries()) data.set(picture.tensor(), k * 3 * height * width);
    yield { count: part.length, height, width, data };
  }
}

function sizeOfAll(pictures: readonly PictureInput[]): { height: number; width: number } {
  const [first, ...others] = pictures as [PictureInput, ...PictureInput[]];
  const other = others.find(({ height, width }) => height !== first.height || width !== first.width);
  if (other === undefined) return first;
  const sizes = `${first.width}x${first.height} and ${other.width}x${other.height}`;
  throw new LikenessError(
    'invalid_request',
    `method batch: expected pictures of one size, got ${sizes}; use method layers`,
  );
}
