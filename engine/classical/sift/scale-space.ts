import type { Plane } from '../grey.js';
import { blur } from './gaussian.js';

/** Blur that a camera leaves in a picture, in its pixels (Lowe 2004, 3.3). */
const CAMERA_SIGMA = 0.5;
/** Below this side an octave has no room for a key point and its surroundings. */
const MIN_SIDE = 12;

export interface ScaleSpaceOptions {
  /** Scales sampled in an octave: Lowe's s. */
  layers: number;
  /** Blur of the first plane of an octave, in its pixels. */
  sigma: number;
  /** Start with the picture at twice its size, which finds about four times the points. */
  doubled: boolean;
}

/** One octave: planes of one size, each blurred 2^(1/layers) times more than the one before. */
export interface Octave {
  /** [layers + 3] */
  blurred: Plane[];
  /** Differences of neighbours [layers + 2], which approximate the scale-normalised Laplacian. */
  differences: Plane[];
  /** Pixels of the picture from one pixel of this octave to the next: 0.5 for the doubled picture, then 1, 2, 4. */
  step: number;
  /** Where the middle of this octave's first pixel lies in the picture, from its corner, in pixels. */
  origin: number;
}

/** @returns the octaves of a picture from fine to coarse; each starts from every second pixel of the one before. */
export function buildScaleSpace(grey: Plane, options: ScaleSpaceOptions): Octave[] {
  const base = options.doubled ? double(grey) : grey;
  const step = options.doubled ? 0.5 : 1;
  const origin = step / 2;
  const present = CAMERA_SIGMA / step;
  const first = blur(base, Math.sqrt(Math.max(0.01, options.sigma ** 2 - present ** 2)));
  const octaves: Octave[] = [];
  for (let plane = first, scale = step; Math.min(plane.width, plane.height) >= MIN_SIDE; scale *= 2) {
    const octave = buildOctave(plane, scale, origin, options);
    octaves.push(octave);
    plane = everySecond(octave.blurred[options.layers]!);
  }
  return octaves;
}

function buildOctave(first: Plane, step: number, origin: number, { layers, sigma }: ScaleSpaceOptions): Octave {
  const blurred = [first];
  const ratio = 2 ** (1 / layers);
  for (let layer = 1; layer < layers + 3; layer++) {
    // variances add up: this much takes the blur of the plane before to the next scale
    const added = sigma * ratio ** (layer - 1) * Math.sqrt(ratio ** 2 - 1);
    blurred.push(blur(blurred[layer - 1]!, added));
  }
  const differences = blurred.slice(1).map((plane, layer) => subtract(plane, blurred[layer]!));
  return { blurred, differences, step, origin };
}

function subtract(a: Plane, b: Plane): Plane {
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i]! - b.data[i]!;
  return { ...a, data };
}

function everySecond({ width, height, data }: Plane): Plane {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const half = new Float32Array(w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) half[y * w + x] = data[2 * y * width + 2 * x]!;
  return { width: w, height: h, data: half };
}

/** Twice the size, bilinear: a new pixel lies a quarter of an old one off its middle. */
function double({ width, height, data }: Plane): Plane {
  const [w, h] = [2 * width, 2 * height];
  const doubled = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const [top, bottom, down] = between(y, height);
    for (let x = 0; x < w; x++) {
      const [left, right, across] = between(x, width);
      const above = data[top * width + left]! * (1 - across) + data[top * width + right]! * across;
      const below = data[bottom * width + left]! * (1 - across) + data[bottom * width + right]! * across;
      doubled[y * w + x] = above * (1 - down) + below * down;
    }
  }
  return { width: w, height: h, data: doubled };
}

/** @returns the two old pixels next to a new one, and how far it is from the first to the second, 0..1. */
function between(position: number, length: number): [number, number, number] {
  const at = Math.max(0, position / 2 - 0.25);
  const low = Math.min(Math.floor(at), length - 1);
  return [low, Math.min(low + 1, length - 1), at - low];
}
