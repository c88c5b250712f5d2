import { describe, expect, it } from 'vitest';
import { labOf } from '../../../../engine/classical/global/lab.js';
import { labHistogram } from '../../../../engine/classical/global/lab-histogram.js';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('CIE Lab', () => {
  it.each([
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    // published values of the sRGB primaries under D65
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 255, 0],
      [87.73, -86.18, 83.18],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
  ] as const)('of %j is %j', (rgb, lab) => {
    labOf(rgb[0], rgb[1], rgb[2]).forEach((value, i) => expect(Math.abs(value - lab[i]!)).toBeLessThan(0.03));
  });
});

describe('the histogram', () => {
  it('shares a pixel between the bins next to it', () => {
    // L of 0 is below the first middle (25), of 100 beyond the last (75); 119 is L = 50.03, half way
    const data = Uint8Array.from([0, 0, 0, 255, 255, 255, 119, 119, 119, 119, 119, 119]);
    const [dark, light] = labHistogram({ width: 4, height: 1, data }, [2, 1, 1]);
    expect(dark).toBeCloseTo(0.5, 2);
    expect(light).toBeCloseTo(0.5, 2);
  });

  it('tells colours apart, and has sum 1', () => {
    const of = (...rgb: number[]) => labHistogram({ width: 1, height: 1, data: Uint8Array.from(rgb) }, [4, 14, 14]);
    const [red, pink, blue] = [of(250, 10, 10), of(240, 30, 30), of(10, 10, 250)];
    const overlap = (a: Float32Array, b: Float32Array) => sum(a.map((value, i) => Math.sqrt(value * b[i]!)));
    expect(overlap(red, pink)).toBeGreaterThan(0.5);
    expect(overlap(red, blue)).toBe(0);
    expect(sum(red)).toBeCloseTo(1, 5);
  });

  it('does not count transparent pixels', () => {
    const data = Uint8Array.from([0, 0, 0, 255, 255, 255]);
    expect([...labHistogram({ width: 2, height: 1, data, mask: Uint8Array.of(0, 255) }, [2, 1, 1])]).toEqual([0, 1]);
    expect([...labHistogram({ width: 2, height: 1, data, mask: Uint8Array.of(0, 0) }, [2, 1, 1])]).toEqual([0, 0]);
  });
});
