import { describe, expect, it } from 'vitest';
import { checkDescriptor, checkWeights, combineQueries, type ResolvedPart } from '../../../engine/collection/query.js';

const FINGERPRINT = 'a'.repeat(32);
const expected = { fingerprint: FINGERPRINT, dimension: 2 };

const part = (vector: number[], weight?: number): ResolvedPart => ({
  kind: 'resolved',
  vector: Float32Array.from(vector),
  facts: { kind: 'descriptor', ...(weight === undefined ? {} : { weight }) },
  timings: {},
});
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

describe('combineQueries', () => {
  it('is the vector itself for one, whatever its weight', () => {
    const one = part([0.6, 0.8], 3);
    expect(combineQueries([one])).toBe(one.vector);
  });

  it('is the normalised sum: (1,0) and (0,1) give (1,1)/sqrt 2, twice the first (2,1)/sqrt 5', () => {
    const expectClose = (found: Float32Array, [x, y]: [number, number]) => {
      expect(found[0]).toBeCloseTo(x, 6);
      expect(found[1]).toBeCloseTo(y, 6);
    };
    expectClose(combineQueries([part([1, 0]), part([0, 1])]), [Math.SQRT1_2, Math.SQRT1_2]);
    expectClose(combineQueries([part([1, 0], 2), part([0, 1])]), [2 / Math.sqrt(5), 1 / Math.sqrt(5)]);
    // away from the counter-example: (1,0) - 0.5 (0.6,0.8) = (0.7,-0.4)
    expectClose(combineQueries([part([1, 0]), part([0.6, 0.8], -0.5)]), [
      0.7 / Math.hypot(0.7, 0.4),
      -0.4 / Math.hypot(0.7, 0.4),
    ]);
  });

  it('refuses those that cancel out', () => {
    expect(() => combineQueries([part([1, 0]), part([-1, 0])])).toThrow(code('image_too_plain'));
    expect(() => combineQueries([part([1, 0], 2), part([1, 0], -2)])).toThrow(code('image_too_plain'));
  });
});

describe('checkWeights', () => {
  it('wants something to look for', () => {
    expect(() => checkWeights([part([1, 0], -1), part([1, 0])])).not.toThrow();
    expect(() => checkWeights([{ kind: 'id', id: 'a', weight: -1 }])).toThrow(code('invalid_request'));
    expect(() => checkWeights([part([1, 0], -1)])).toThrow(/got counter-examples alone/);
    expect(() => checkWeights([])).toThrow(/got none/);
  });

  it.each([0, 10.5, -11, NaN])('refuses the weight %s', (weight) => {
    expect(() =>
      checkWeights([
        { kind: 'id', id: 'a' },
        { kind: 'id', id: 'b', weight },
      ]),
    ).toThrow(code('invalid_request'));
  });
});

describe('checkDescriptor', () => {
  it('keeps a unit vector bit for bit and normalises another', () => {
    const unit = Float32Array.of(0.6, 0.8);
    expect(checkDescriptor(unit, FINGERPRINT, expected)).toBe(unit);
    expect([...checkDescriptor(Float32Array.of(3, 4), FINGERPRINT, expected)]).toEqual([...unit]);
  });

  it.each([
    ['another fingerprint', Float32Array.of(1, 0), 'b'.repeat(32), 'fingerprint_mismatch'],
    ['another dimension', Float32Array.of(1, 0, 0), FINGERPRINT, 'dimension_mismatch'],
    ['NaN', Float32Array.of(NaN, 0), FINGERPRINT, 'invalid_descriptor'],
    ['infinity', Float32Array.of(Infinity, 0), FINGERPRINT, 'invalid_descriptor'],
    ['zero', Float32Array.of(0, 0), FINGERPRINT, 'invalid_descriptor'],
  ])('refuses %s', (_, vector, fingerprint, code) => {
    expect(() => checkDescriptor(vector, fingerprint, expected)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
