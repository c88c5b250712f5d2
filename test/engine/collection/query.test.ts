import { describe, expect, it } from 'vitest';
import { checkDescriptor, meanDirection } from '../../../engine/collection/query.js';

const FINGERPRINT = 'a'.repeat(32);
const expected = { fingerprint: FINGERPRINT, dimension: 2 };

describe('meanDirection', () => {
  it('is the vector itself for one', () => {
    const vector = Float32Array.of(0.6, 0.8);
    expect(meanDirection([vector])).toBe(vector);
  });

  it('is the normalised mean for several: (1,0) and (0,1) give (1,1)/sqrt 2', () => {
    const mean = meanDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(mean[1]).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('refuses none, and those that cancel out', () => {
    expect(() => meanDirection([])).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
    const opposite = [Float32Array.of(1, 0), Float32Array.of(-1, 0)];
    expect(() => meanDirection(opposite)).toThrow(expect.objectContaining({ code: 'image_too_plain' }) as Error);
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
