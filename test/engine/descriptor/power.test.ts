import { describe, expect, it } from 'vitest';
import { power } from '../../../engine/descriptor/power.js';

describe('power', () => {
  it('keeps the sign', () => {
    expect([...power(Float32Array.of(4, -9, 0), 0.5)]).toEqual([2, -3, 0]);
  });
  it('is identity at 1', () => {
    expect([...power(Float32Array.of(0.25, -8), 1)]).toEqual([0.25, -8]);
  });
});
