import { describe, expect, it } from 'vitest';
import { nearestTo, pan, seen, wholeMap, zoom } from '../../server/web/map/camera.js';
import { project } from '../../server/web/map/project.js';

/** Unit vectors around a few axes: group g of n lies near axis g. */
function groups(count: number, each: number, dimension = 8): Float32Array {
  const rows = Array.from({ length: count * each }, (_, i) => {
    const raw = Array.from({ length: dimension }, (_value, d) => 0.15 * Math.sin(i * 12.9 + d * 78.2));
    raw[i % count]! += 1;
    const length = Math.hypot(...raw);
    return raw.map((value) => value / length);
  });
  return Float32Array.from(rows.flat());
}

describe('laying out', () => {
  it('puts like by like, within the square, and the same each time', () => {
    const shares: number[] = [];
    const places = project(groups(3, 20), 8, (share) => shares.push(share));
    expect(places).toHaveLength(120);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(1);
    const distance = (a: number, b: number) =>
      Math.hypot(places[a * 2]! - places[b * 2]!, places[a * 2 + 1]! - places[b * 2 + 1]!);
    const nearest = Array.from({ length: 60 }, (_, i) => {
      const others = Array.from({ length: 60 }, (_value, j) => j).filter((j) => j !== i);
      return others.reduce((best, j) => (distance(i, j) < distance(i, best) ? j : best)) % 3 === i % 3;
    });
    expect(nearest.filter(Boolean).length).toBeGreaterThanOrEqual(57);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(project(groups(3, 20), 8, () => undefined)).toEqual(places);
  });

  it.each([0, 1, 2, 3, 4, 5])('takes %i pictures', (count) => {
    const places = project(groups(1, count), 8, () => undefined);
    expect(places).toHaveLength(count * 2);
    expect([...places].every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('what is seen of a map', () => {
  const size = { width: 480, height: 280 };
  const whole = wholeMap(size);

  it('is the whole of it, in the middle', () => {
    expect(whole).toEqual({ scale: 200, x: 140, y: 40 });
  });

  it('grows around the pointer, so far and no farther', () => {
    const nearer = zoom(whole, 2, { x: 240, y: 40 }, whole);
    expect(nearer).toEqual({ scale: 400, x: 40, y: 40 });
    expect(zoom(nearer, 0.5, { x: 240, y: 40 }, whole)).toEqual(whole);
    expect(zoom(whole, 1e9, { x: 0, y: 0 }, whole).scale).toBe(12_000);
    expect(pan(whole, 5, -5)).toEqual({ scale: 200, x: 145, y: 35 });
  });

  it('shows one picture a cell, the others as dots, and nothing out of sight', () => {
    const places = Float32Array.of(0.5, 0.5, 0.51, 0.5, 0.9, 0.5);
    const found = seen(places, whole, size, 50);
    expect(found.map(({ index, asPicture }) => [index, asPicture])).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ]);
    expect(seen(places, pan(whole, -300, 0), size, 50).map(({ index }) => index)).toEqual([2]);
    expect(nearestTo(found, { x: 245, y: 140 }, 23)?.index).toBe(1);
    expect(nearestTo(found, { x: 255, y: 150 }, 23)?.index).toBe(0);
    expect(nearestTo(found, { x: 400, y: 20 }, 23)).toBeUndefined();
  });
});
