import { mapPlanes, reflect, type Plane } from './planes.js';
import type { Transform } from './transform.js';

/** Where an output pixel (x, y) is read in the source: (a x + b y + c, d x + e y + f). */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Left becomes right. */
export function flip(name: string): Transform {
  return {
    name,
    apply: (pixels) =>
      mapPlanes(pixels, (plane) => warp(plane, plane.width, plane.height, [-1, 0, plane.width - 1, 0, 1, 0])),
  };
}

/** Turns counter-clockwise about the centre; same size, bilinear, what comes into view is mirrored at the border. */
export function rotate(name: string, degrees: number): Transform {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return {
    name,
    apply: (pixels) =>
      mapPlanes(pixels, (plane) => {
        const [x, y] = [(plane.width - 1) / 2, (plane.height - 1) / 2];
        return warp(plane, plane.width, plane.height, [
          cos,
          -sin,
          x - cos * x + sin * y,
          sin,
          cos,
          y - sin * x - cos * y,
        ]);
      }),
  };
}

/** Keeps the middle: that fraction of each side. */
export function cropCentre(name: string, fraction: number): Transform {
  return cropAt(name, fraction, [0.5, 0.5]);
}

/**
 * Keeps that fraction of each side.
 * @param place where the kept part lies: [0, 0] left above, [1, 1] right below
 */
export function cropAt(name: string, fraction: number, [across, down]: readonly [number, number]): Transform {
  return {
    name,
    apply: (pixels) =>
      mapPlanes(pixels, (plane) => {
        const width = Math.max(1, Math.round(plane.width * fraction));
        const height = Math.max(1, Math.round(plane.height * fraction));
        const [left, top] = [Math.floor((plane.width - width) * across), Math.floor((plane.height - height) * down)];
        return warp(plane, width, height, [1, 0, left, 0, 1, top]);
      }),
  };
}

/** Down to half of each side (means of 2 x 2) and back up (bilinear): the detail of a small copy at the old size. */
export function halveResolution(name: string): Transform {
  return {
    name,
    apply: (pixels) =>
      mapPlanes(pixels, (plane) => {
        const half = meansOfFour(plane);
        const [a, e] = [half.width / plane.width, half.height / plane.height];
        // pixel centres lie at + 0.5
        return warp(half, plane.width, plane.height, [a, 0, a / 2 - 0.5, 0, e, e / 2 - 0.5]);
      }),
  };
}

/** An odd last row or column counts twice. */
function meansOfFour({ width, height, channels, data }: Plane): Plane {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels };
  const means = new Uint8ClampedArray(half.width * half.height * channels);
  const at = (x: number, y: number, channel: number) =>
    data[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels + channel]!;
  for (let i = 0; i < means.length; i++) {
    const channel = i % channels;
    const pixel = (i - channel) / channels;
    const [x, y] = [2 * (pixel % half.width), 2 * Math.floor(pixel / half.width)];
    means[i] = (at(x, y, channel) + at(x + 1, y, channel) + at(x, y + 1, channel) + at(x + 1, y + 1, channel)) / 4;
  }
  return { ...half, data: new Uint8Array(means.buffer) };
}

/** Reads the source at the mapped place of each output pixel: bilinear, mirrored at the border. */
function warp(source: Plane, width: number, height: number, [a, b, c, d, e, f]: Affine): Plane {
  const { channels } = source;
  const warped = new Uint8ClampedArray(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      readBilinear(source, a * x + b * y + c, d * x + e * y + f, warped, (y * width + x) * channels);
    }
  }
  return { width, height, channels, data: new Uint8Array(warped.buffer) };
}

function readBilinear(source: Plane, x: number, y: number, target: Uint8ClampedArray, offset: number): void {
  const { width, height, channels, data } = source;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const [x0, x1] = [reflect(left, width), reflect(left + 1, width)];
  const [row0, row1] = [reflect(top, height) * width, reflect(top + 1, height) * width];
  for (let channel = 0; channel < channels; channel++) {
    const at = (pixel: number): number => data[pixel * channels + channel]!;
    const upper = at(row0 + x0) * (1 - right) + at(row0 + x1) * right;
    const lower = at(row1 + x0) * (1 - right) + at(row1 + x1) * right;
    target[offset + channel] = upper * (1 - below) + lower * below;
  }
}
