import { describe, expect, it } from 'vitest';
import { refusePlain } from '../../../engine/descriptor/plain.js';
import { thrownBy } from '../model/fixtures.js';

describe('refusePlain', () => {
  it.each([
    ['zero', [0, 0, 0], 'is zero'],
    ['nearly zero', [1e-8, 0, 2e-8], 'is zero'],
    ['constant', [0.5, 0.5, 0.5], 'is the same in every channel'],
    ['constant and negative', [-2, -2], 'is the same in every channel'],
    ['what gem makes of a dead map', [1e-6, 1e-6, 1e-6, 1e-6], 'is the same in every channel'],
    ['NaN', [1, NaN, 2], 'not finite'],
    ['infinite', [1, Infinity], 'not finite'],
  ])('refuses a vector that is %s', async (_name, values, reason) => {
    const error = await thrownBy(() => refusePlain(Float32Array.from(values)));
    expect(error.code).toBe('image_too_plain');
    expect(error.message).toContain(reason);
  });
  it.each([
    ['ordinary', [0.1, 0.2]],
    ['small but telling', [1e-5, 3e-5]],
    ['of one value', [0.3]],
    ['of both signs', [-0.5, 0.5]],
  ])('lets a vector through that is %s', (_name, values) => {
    const vector = Float32Array.from(values);
    expect(refusePlain(vector)).toBe(vector);
  });
});
