import type { Pixels } from '../../../../engine/types.js';
import type { Transform } from '../../../../engine/evaluate/transforms/transform.js';

/** A grey picture from rows of values. */
export function greyPicture(...rows: number[][]): Pixels {
  const values = rows.flat();
  return { width: rows[0]!.length, height: rows.length, data: Uint8Array.from(values.flatMap((v) => [v, v, v])) };
}

/** One row of coloured pixels. */
export function row(...colours: [number, number, number][]): Pixels {
  return { width: colours.length, height: 1, data: Uint8Array.from(colours.flat()) };
}

/** The red channel as rows, of a transformed picture. */
export async function redRows(transform: Transform, pixels: Pixels): Promise<number[][]> {
  const { width, height, data } = await transform.apply(pixels);
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => data[(y * width + x) * 3]!));
}

/** All values of a transformed picture. */
export async function values(transform: Transform, pixels: Pixels): Promise<number[]> {
  return [...(await transform.apply(pixels)).data];
}
