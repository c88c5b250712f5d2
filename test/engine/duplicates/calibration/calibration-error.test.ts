import { describe, expect, it } from 'vitest';
import { expectedCalibrationError } from '../../../../engine/duplicates/calibration/calibration-error.js';

const outcome = (probability: number, happened: boolean, weight = 1) => ({ probability, happened, weight });

describe('expectedCalibrationError', () => {
  it('is 0 where what was stated came true as often', () => {
    const stated = [outcome(0.75, true), outcome(0.75, true), outcome(0.75, true), outcome(0.75, false)];
    expect(expectedCalibrationError([...stated, outcome(0, false), outcome(1, true)])).toBeCloseTo(0, 12);
  });

  it('is the distance of stated and true share, by the weight of each bin', () => {
    // bin 0.9: stated 0.9, true 0.5, weight 2; bin 0.1: stated 0.1, true 0, weight 6
    const outcomes = [outcome(0.9, true), outcome(0.9, false), outcome(0.1, false, 6)];
    expect(expectedCalibrationError(outcomes)).toBeCloseTo((2 * 0.4 + 6 * 0.1) / 8, 12);
  });

  it('puts a probability of 1 into the last bin', () => {
    expect(expectedCalibrationError([outcome(1, false)])).toBe(1);
  });
});
