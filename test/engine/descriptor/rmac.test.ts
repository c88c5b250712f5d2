import { describe, expect, it } from 'vitest';
import { rmac } from '../../../engine/descriptor/rmac.js';
import type { FeatureMap } from '../../../engine/types.js';

/** Two channels of 2 x 2 cells. Level 2 has four regions of one cell (2 * 2 / 3 = 1). */
const MAP: FeatureMap = { channels: 2, height: 2, width: 2, data: Float32Array.of(3, 0, 0, 1, 4, 0, 2, 0) };

function expectClose(actual: Float32Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 6));
}

describe('rmac', () => {
  it('sums the unit vectors of the regions', () => {
    // the whole map has maxima (3, 4); its cells are (3, 4), (0, 0), (0, 2), (1, 0)
    expectClose(rmac({ levels: 1 })(MAP), [0.6, 0.8]);
    expectClose(rmac({ levels: 2 })(MAP), [0.6 + 0.6 + 1, 0.8 + 0.8 + 1]);
  });

  it('projects each region between two l2', () => {
    const project = (x: Float32Array) => Float32Array.of(x[0]! + x[1]!, 0, x[1]!);
    // (0.6, 0.8) -> (1.4, 0, 0.8) / sqrt(2.6)
    expectClose(rmac({ levels: 1, project })(MAP), [1.4 / Math.sqrt(2.6), 0, 0.8 / Math.sqrt(2.6)]);
  });

  it('leaves out regions where nothing is seen, whatever a bias says', () => {
    const project = (x: Float32Array) => x.map((value) => value + 1);
    const one = { ...MAP, data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0) };
    // of five regions only the whole map and its first cell see (1, 1)
    expectClose(rmac({ levels: 2, project })(one), [Math.SQRT2, Math.SQRT2]);
  });

  it('does not count masked cells', () => {
    const masked = rmac({ levels: 2 })(MAP, Float32Array.of(0, 1, 1, 1));
    // whole map (1, 2) / sqrt 5, then (0, 0), (0, 2), (1, 0); the first cell is gone
    expectClose(masked, [1 / Math.sqrt(5) + 1, 2 / Math.sqrt(5) + 1]);
    expectClose(rmac({ levels: 2 })(MAP, new Float32Array(4)), [0, 0]);
  });

  it('weighs the regions', () => {
    const weigh = () => [2, 0, 0, 0, 0.5];
    expectClose(rmac({ levels: 2, weigh })(MAP), [1.2 + 0.5, 1.6]);
  });
});
