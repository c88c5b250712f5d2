import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  expectedCalibrationError,
  fitTemperature,
  predictionsOf,
  calibrationLoss,
} from '../../../engine/category/calibration.js';
import { seededRandom } from '../../support/vectors.js';

/** Two labels: the first with this probability. */
const row = (probability: number) => Float64Array.of(Math.log(probability), Math.log(1 - probability));

describe('calibration', () => {
  // ten predictions of 0.8, of which six are right; ten of 0.6, of which six are right
  const scores = [...Array.from({ length: 10 }, () => row(0.8)), ...Array.from({ length: 10 }, () => row(0.6))];
  const targets = Array.from({ length: 20 }, (_, i) => (i % 10 < 6 ? 0 : 1));

  it('error is the mean distance of accuracy from probability, by bin', () => {
    // half of them are off by 0.2, the others by nothing
    expect(expectedCalibrationError(predictionsOf({ scores, targets }, 1))).toBeCloseTo(0.1, 12);
    expect(expectedCalibrationError(predictionsOf({ scores: [row(0.999)], targets: [0] }, 1))).toBeCloseTo(0.001, 12);
    expect(accuracyOf({ scores, targets })).toBeCloseTo(0.6, 12);
  });

  it('loss is the cross-entropy with the doubt that few examples leave', () => {
    // two examples: the true label counts 3/4
    const judged = { scores: [row(0.8), row(0.8)], targets: [0, 0] };
    expect(calibrationLoss(judged, 1)).toBeCloseTo(-0.75 * Math.log(0.8) - 0.25 * Math.log(0.2), 12);
  });

  it('temperature is the one with the least loss', () => {
    // all say odds of 4; of ten, six are right, which counts (6 * 11 + 4) / 120 = 7/12, so odds should be 7 to 5
    const judged = { scores: scores.slice(0, 10), targets: targets.slice(0, 10) };
    expect(fitTemperature(judged)).toBeCloseTo(Math.log(4) / Math.log(7 / 5), 3);
  });

  it('leaves doubt where everything was right', () => {
    const judged = { scores: Array.from({ length: 18 }, () => row(0.9)), targets: Array.from({ length: 18 }, () => 0) };
    // odds of 19 to 1 after 18 of 18
    expect(fitTemperature(judged)).toBeCloseTo(Math.log(9) / Math.log(19), 3);
  });

  it('finds the temperature that overconfident scores were made with', () => {
    const random = seededRandom(5);
    const rows = Array.from({ length: 4000 }, () => 0.05 + 0.9 * random());
    const drawn = rows.map((probability) => (random() < probability ? 0 : 1));
    const sharp = rows.map((probability) => row(probability).map((log) => 3 * log));
    const temperature = fitTemperature({ scores: sharp, targets: drawn });
    expect(temperature).toBeGreaterThan(2.7);
    expect(temperature).toBeLessThan(3.3);
    const judged = { scores: sharp, targets: drawn };
    expect(expectedCalibrationError(predictionsOf(judged, temperature))).toBeLessThan(0.03);
    expect(expectedCalibrationError(predictionsOf(judged, 1))).toBeGreaterThan(0.1);
  });
});
