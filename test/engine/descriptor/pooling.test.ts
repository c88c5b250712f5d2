import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crow } from '../../../engine/descriptor/crow.js';
import { centredSpoc, gem, mac, spoc } from '../../../engine/descriptor/pooling.js';
import type { FeatureMap } from '../../../engine/types.js';

/** Two channels of 2 x 2 cells. */
const MAP: FeatureMap = { channels: 2, height: 2, width: 2, data: Float32Array.of(1, 2, 3, 6, 0, 0, 0, 4) };
const LAST_CELL_OUT = Float32Array.of(1, 1, 1, 0);
const EPS = 1e-6;

const mapArbitrary = fc
  .record({
    channels: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
  })
  .chain((size) => {
    const length = size.channels * size.height * size.width;
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: length, maxLength: length });
    return values.map((data): FeatureMap => ({ ...size, data: Float32Array.from(data, (value) => value / 100) }));
  });

function expectClose(actual: Float32Array, expected: Float32Array, relative: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(relative * expected[i]!));
}

/** The map with only the cells that keep says. */
function keepCells(map: FeatureMap, keep: boolean[]): FeatureMap {
  const area = map.height * map.width;
  const data = map.data.filter((_, i) => keep[i % area]);
  return { channels: map.channels, height: 1, width: keep.filter(Boolean).length, data };
}

describe('mac', () => {
  it('takes the maximum of each channel', () => {
    expect([...mac(MAP)]).toEqual([6, 4]);
    expect([...mac(MAP, LAST_CELL_OUT)]).toEqual([3, 0]);
  });
  it('takes the greatest of negative activations', () => {
    expect([...mac({ channels: 1, height: 1, width: 2, data: Float32Array.of(-3, -2) })]).toEqual([-2]);
  });
});

describe('spoc', () => {
  it('takes the mean of each channel', () => {
    expect([...spoc(MAP)]).toEqual([3, 1]);
    expect([...spoc(MAP, LAST_CELL_OUT)]).toEqual([2, 0]);
  });
  it('weighs cells that are partly opaque', () => {
    // (1 * 1 + 0.5 * 3) / 1.5
    expect(spoc(MAP, Float32Array.of(1, 0, 0.5, 0))[0]).toBeCloseTo(5 / 3, 6);
  });
});

describe('centredSpoc', () => {
  it('weighs cells by the centre prior, and by the mask', () => {
    const row: FeatureMap = { channels: 1, height: 3, width: 3, data: Float32Array.from({ length: 9 }, (_, i) => i) };
    // s = 0.5, so a neighbour of the centre (4) counts e^-2
    const mask = Float32Array.of(0, 0, 0, 0, 1, 1, 0, 0, 0);
    expect(centredSpoc(row, mask)[0]).toBeCloseTo((4 + 5 * Math.exp(-2)) / (1 + Math.exp(-2)), 6);
    expect(centredSpoc(row)[0]).toBeCloseTo(4, 6);
  });
});

describe('gem', () => {
  it('takes the cubic mean of each channel', () => {
    // ((1 + 8 + 27 + 216) / 4)^(1/3) and (64 / 4)^(1/3)
    const pooled = gem(3, EPS)(MAP);
    expect(pooled[0]).toBeCloseTo(63 ** (1 / 3), 5);
    expect(pooled[1]).toBeCloseTo(16 ** (1 / 3), 5);
  });
  it('takes an exponent for each channel', () => {
    const pooled = gem([1, 3], EPS)(MAP);
    expect(pooled[0]).toBeCloseTo(3, 5);
    expect(pooled[1]).toBeCloseTo(16 ** (1 / 3), 5);
  });
  it('gives eps for a channel that is zero or negative throughout', () => {
    const pooled = gem(3, EPS)({ channels: 1, height: 1, width: 2, data: Float32Array.of(-5, 0) });
    expect(pooled[0]).toBeCloseTo(EPS, 12);
  });
  it('neither overflows nor underflows', () => {
    const tiny: FeatureMap = { channels: 1, height: 1, width: 2, data: Float32Array.of(1e-4, 1e-4) };
    const huge: FeatureMap = { channels: 1, height: 1, width: 2, data: Float32Array.of(1e30, 1e30) };
    expect(gem(100, EPS)(tiny)[0]! / 1e-4).toBeCloseTo(1, 5);
    expect(gem(100, EPS)(huge)[0]! / 1e30).toBeCloseTo(1, 5);
  });
  it('is spoc at p = 1, and near mac at a large p', () => {
    fc.assert(
      fc.property(mapArbitrary, (map) => {
        expectClose(gem(1, EPS)(map), spoc(map), 1e-5);
        // the mean of at most 16 cells is at least max^p / 16
        expectClose(gem(1000, EPS)(map), mac(map), 1 - 16 ** (-1 / 1000) + 1e-6);
      }),
    );
  });
  it('computes p = 3 as any other p', () => {
    fc.assert(fc.property(mapArbitrary, (map) => expectClose(gem(3, EPS)(map), gem(3 + 1e-9, EPS)(map), 1e-5)));
  });
});

describe('every pooling', () => {
  const poolings = { mac, spoc, gem: gem(3, EPS), crow };

  it.each(Object.entries(poolings))('%s grows with the activations', (_name, pool) => {
    fc.assert(
      fc.property(mapArbitrary, fc.constantFrom(0.5, 2, 7), (map, factor) => {
        const scaled = { ...map, data: map.data.map((value) => value * factor) };
        expectClose(
          pool(scaled),
          pool(map).map((value) => value * factor),
          1e-5,
        );
      }),
    );
  });

  it.each(Object.entries(poolings))('%s under a mask is that of the cells in it', (_name, pool) => {
    fc.assert(
      fc.property(mapArbitrary, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (map, bits) => {
        const keep = bits.slice(0, map.height * map.width);
        fc.pre(keep.includes(true));
        expectClose(pool(map, Float32Array.from(keep, Number)), pool(keepCells(map, keep)), 1e-6);
      }),
    );
  });

  it.each(Object.entries(poolings))('%s is zero where no cell counts', (_name, pool) => {
    expect([...pool(MAP, new Float32Array(4))]).toEqual([0, 0]);
  });
});
