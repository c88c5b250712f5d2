import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../../engine/classical/grey.js';
import { sift, SIFT_DEFAULTS, type KeyPoint, type SiftPoints } from '../../../../engine/classical/sift/sift.js';
import { toRootSift } from '../../../../engine/classical/sift/root-sift.js';
import { seededRandom } from '../../../support/vectors.js';

/** Sides of 2^n k + 1, so that the octaves of a turned picture keep the same pixels. */
const [WIDTH, HEIGHT] = [129, 97];
const PLAIN = { ...SIFT_DEFAULTS, doubled: false };

interface Blob {
  x: number;
  y: number;
  sigma: number;
  height: number;
  /** Length against breadth: a round one has no direction. */
  stretch: number;
}

function randomBlobs(count: number): Blob[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => ({
    x: random() * WIDTH,
    y: random() * HEIGHT,
    sigma: 2 + random() * 5,
    height: random() < 0.5 ? -0.4 : 0.4,
    stretch: 1 + random(),
  }));
}

/** Gaussian blobs on grey, drawn at `zoom` times the size. */
function draw(blobs: readonly Blob[], zoom = 1): Plane {
  const [width, height] = [zoom * WIDTH, zoom * HEIGHT];
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [px, py] = [(x + 0.5) / zoom, (y + 0.5) / zoom];
      data[y * width + x] = blobs.reduce((sum, blob) => {
        const squared = ((px - blob.x) / blob.stretch) ** 2 + (py - blob.y) ** 2;
        return sum + blob.height * Math.exp(-squared / (2 * blob.sigma ** 2));
      }, 0.5);
    }
  }
  return { width, height, data };
}

function remap(plane: Plane, width: number, height: number, from: (x: number, y: number) => [number, number]): Plane {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = from(x, y);
      data[y * width + x] = plane.data[fromY * plane.width + fromX]!;
    }
  }
  return { width, height, data };
}

const row = ({ descriptors }: SiftPoints, i: number) => [...descriptors.subarray(128 * i, 128 * i + 128)];

function angleBetween(a: number, b: number): number {
  const turn = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(turn, 2 * Math.PI - turn);
}

/** Every point of a is in b where `move` sends it, with its descriptor as `permute` puts it. */
function expectSamePoints(
  a: SiftPoints,
  b: SiftPoints,
  move: (point: KeyPoint) => { x: number; y: number; angle: number },
  permute: (descriptor: number[]) => number[] = (descriptor) => descriptor,
): void {
  expect(a.keyPoints.length).toBeGreaterThan(10);
  expect(b.keyPoints.length).toBe(a.keyPoints.length);
  a.keyPoints.forEach((point, i) => {
    const wanted = move(point);
    const match = b.keyPoints.findIndex(
      ({ x, y, angle }) => Math.hypot(x - wanted.x, y - wanted.y) < 0.05 && angleBetween(angle, wanted.angle) < 0.01,
    );
    expect(match).toBeGreaterThanOrEqual(0);
    expect(b.keyPoints[match]!.sigma / point.sigma).toBeCloseTo(1, 3);
    const moved = permute(row(a, i));
    expect(Math.max(...row(b, match).map((value, j) => Math.abs(value - moved[j]!)))).toBeLessThan(0.03);
  });
}

describe('sift', () => {
  const picture = draw(randomBlobs(30));
  const points = sift(picture, PLAIN);

  it('finds a round blob in its middle, at its own scale', () => {
    const blob = { x: 60.3, y: 41.7, sigma: 5, height: 0.4, stretch: 1 };
    const [strongest] = sift(draw([blob]), SIFT_DEFAULTS).keyPoints;
    expect(Math.hypot(strongest!.x - blob.x, strongest!.y - blob.y)).toBeLessThan(0.1);
    // the scale-normalised Laplacian of a blob peaks at its sigma; the picture is taken to be blurred by 0.5 px already,
    // and a difference of Gaussians stands for a scale between its two
    expect(strongest!.sigma / blob.sigma).toBeGreaterThan(0.8);
    expect(strongest!.sigma / blob.sigma).toBeLessThan(1.1);
  });

  it('sees the same in a picture turned by a quarter', () => {
    const turned = remap(picture, HEIGHT, WIDTH, (x, y) => [y, HEIGHT - 1 - x]);
    expectSamePoints(points, sift(turned, PLAIN), ({ x, y, angle }) => ({
      x: HEIGHT - y,
      y: x,
      angle: angle + Math.PI / 2,
    }));
  });

  it('sees the mirror image of each point in a mirrored picture', () => {
    const mirrored = remap(picture, WIDTH, HEIGHT, (x, y) => [WIDTH - 1 - x, y]);
    // the point's own x axis stays and its y axis turns: rows of cells and the sense of directions are reversed
    const permute = (descriptor: number[]) =>
      descriptor.map((_, i) => {
        const [cellRow, column, direction] = [i >> 5, (i >> 3) & 3, i & 7];
        return descriptor[(3 - cellRow) * 32 + column * 8 + ((8 - direction) % 8)]!;
      });
    const move = ({ x, y, angle }: KeyPoint) => ({ x: WIDTH - x, y, angle: Math.PI - angle });
    expectSamePoints(points, sift(mirrored, PLAIN), move, permute);
  });

  it('finds the points of a picture twice the size at twice the scale', () => {
    const large = sift(draw(randomBlobs(30), 2), PLAIN).keyPoints;
    const found = points.keyPoints.filter(({ x, y, sigma }) =>
      large.some((it) => Math.hypot(it.x - 2 * x, it.y - 2 * y) < 1 && Math.abs(it.sigma / (2 * sigma) - 1) < 0.1),
    );
    expect(found.length / points.keyPoints.length).toBeGreaterThan(0.85);
  });

  it('gives descriptors of length 1 whose numbers are cut', () => {
    for (let i = 0; i < points.keyPoints.length; i++) {
      expect(Math.hypot(...row(points, i))).toBeCloseTo(1, 5);
      expect(Math.min(...row(points, i))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...row(points, i))).toBeLessThan(0.5);
    }
  });

  it('passes over edges, faint points and what is plain', () => {
    const edge = { width: 64, height: 64, data: Float32Array.from({ length: 4096 }, (_, i) => (i % 64 < 32 ? 0 : 1)) };
    expect(sift(edge, SIFT_DEFAULTS).keyPoints).toEqual([]);
    const faint = draw([{ x: 60, y: 40, sigma: 5, height: 0.01, stretch: 1.5 }]);
    expect(sift(faint, SIFT_DEFAULTS).keyPoints).toEqual([]);
    expect(sift({ width: 40, height: 4, data: new Float32Array(160) }, SIFT_DEFAULTS).keyPoints).toEqual([]);
  });

  it('keeps the strongest when asked for few', () => {
    const few = sift(picture, { ...PLAIN, maxPoints: 5 });
    expect(few.keyPoints).toEqual(points.keyPoints.slice(0, 5));
    expect(few.descriptors).toEqual(points.descriptors.slice(0, 5 * 128));
  });
});

describe('RootSIFT', () => {
  it('is the square root of the share of each number', () => {
    const descriptor = new Float32Array(128);
    descriptor.set([0.6, 0.2]);
    const root = toRootSift(descriptor);
    // 0.6 / 0.8 = 0.75, 0.2 / 0.8 = 0.25
    expect(root[0]).toBeCloseTo(Math.sqrt(0.75), 5);
    expect(root[1]).toBeCloseTo(0.5, 5);
    expect(Math.hypot(...root)).toBeCloseTo(1, 5);
  });
});
