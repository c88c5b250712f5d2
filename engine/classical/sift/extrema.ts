import type { Plane } from '../grey.js';
import { offsetOfPeak, type Offset } from './peak.js';
import type { Octave, ScaleSpaceOptions } from './scale-space.js';

/** Pixels at the border in which no extremum is looked for: the surroundings would be mirrored ones. */
const BORDER = 5;
/** Times that an extremum may move to a neighbour before it is given up. */
const MAX_MOVES = 5;

export interface ExtremaOptions extends ScaleSpaceOptions {
  /** Lowest |difference| at the peak, for grey in 0..1, with the difference taken over a whole octave. */
  contrastThreshold: number;
  /** Greatest ratio of the principal curvatures: along an edge a point is not fixed. */
  edgeRatio: number;
}

/** An extremum of the difference of Gaussians, in pixels of its octave. */
export interface Extremum {
  octave: Octave;
  /** The blurred plane whose scale is nearest. */
  layer: number;
  x: number;
  y: number;
  /** Blur of its scale. */
  sigma: number;
  /** |difference| at the peak. */
  response: number;
}

/** @returns the extrema of one octave that are strong, no edges, and located to a fraction of a pixel (Lowe 2004, 3-4). */
export function findExtrema(octave: Octave, options: ExtremaOptions): Extremum[] {
  const found: Extremum[] = [];
  const seen = new Set<number>();
  const { width, height } = octave.differences[0]!;
  for (let layer = 1; layer <= options.layers; layer++) {
    for (const at of discreteExtrema(octave.differences, layer, options)) {
      const located = locate(octave, layer, at % width, Math.floor(at / width), options);
      if (located === undefined) continue;
      // two neighbours may move to the same place
      const key = (located.layer * height + Math.round(located.y)) * width + Math.round(located.x);
      if (!seen.has(key)) found.push(located);
      seen.add(key);
    }
  }
  return found;
}

/** @returns positions in the plane of a layer where it is above, or below, all of its 26 neighbours. */
function discreteExtrema(planes: readonly Plane[], layer: number, options: ExtremaOptions): number[] {
  const { width, height, data } = planes[layer]!;
  const [below, above] = [planes[layer - 1]!.data, planes[layer + 1]!.data];
  // what is far below the threshold is not worth locating
  const floor = (0.5 * options.contrastThreshold) / options.layers;
  const found: number[] = [];
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER, at = y * width + x; x < width - BORDER; x++, at++) {
      const value = data[at]!;
      if (value > floor || value < -floor) {
        const sign = value > 0 ? 1 : -1;
        if (isPeak(data, at, width, sign, value) && isPeak(below, at, width, sign, value)) {
          if (isPeak(above, at, width, sign, value)) found.push(at);
        }
      }
    }
  }
  return found;
}

/** @returns whether no pixel of the 3 x 3 around `at` beats the value. */
function isPeak(data: Float32Array, at: number, width: number, sign: number, value: number): boolean {
  for (let row = at - width; row <= at + width; row += width) {
    for (let i = row - 1; i <= row + 1; i++) if (sign * data[i]! > sign * value) return false;
  }
  return true;
}

/** Moves to the pixel nearest to the peak of the parabola through its neighbours, then applies the tests. */
function locate(octave: Octave, layer: number, x: number, y: number, options: ExtremaOptions): Extremum | undefined {
  const { width, height } = octave.differences[0]!;
  for (let move = 0; move < MAX_MOVES; move++) {
    const offset = offsetOfPeak(octave.differences, layer, x, y);
    if (offset === undefined) return undefined;
    if (Math.max(Math.abs(offset.x), Math.abs(offset.y), Math.abs(offset.layer)) < 0.5) {
      return accept(octave, layer, x, y, offset, options);
    }
    [layer, x, y] = [layer + Math.round(offset.layer), x + Math.round(offset.x), y + Math.round(offset.y)];
    if (layer < 1 || layer > options.layers) return undefined;
    if (!(x >= BORDER && x < width - BORDER && y >= BORDER && y < height - BORDER)) return undefined;
  }
  return undefined;
}

function accept(
  octave: Octave,
  layer: number,
  x: number,
  y: number,
  offset: Offset,
  { contrastThreshold, edgeRatio, layers, sigma }: ExtremaOptions,
): Extremum | undefined {
  const response = Math.abs(offset.value);
  if (response * layers < contrastThreshold || isEdge(octave.differences[layer]!, x, y, edgeRatio)) return undefined;
  const scale = sigma * 2 ** ((layer + offset.layer) / layers);
  return { octave, layer, x: x + offset.x, y: y + offset.y, sigma: scale, response };
}

/** Ratio of principal curvatures by trace and determinant of the Hessian: tr^2 / det >= (r + 1)^2 / r. */
function isEdge({ data, width }: Plane, x: number, y: number, ratio: number): boolean {
  const at = y * width + x;
  const twice = 2 * data[at]!;
  const dxx = data[at + 1]! + data[at - 1]! - twice;
  const dyy = data[at + width]! + data[at - width]! - twice;
  const dxy = (data[at + width + 1]! - data[at + width - 1]! - data[at - width + 1]! + data[at - width - 1]!) / 4;
  const [trace, determinant] = [dxx + dyy, dxx * dyy - dxy * dxy];
  return determinant <= 0 || trace * trace * ratio >= (ratio + 1) ** 2 * determinant;
}
