import { describe, expect, it } from 'vitest';
import {
  fitPairModel,
  measurePairModel,
  type PairSample,
} from '../../../../engine/duplicates/calibration/fit-calibration.js';
import { judgePair } from '../../../../engine/duplicates/pair-model.js';
import { seededRandom } from '../../../support/vectors.js';

/** Copies are near in both, nearest others in the cosine alone, random pairs in neither. */
function sample(seed: number, others = 3000): PairSample {
  const random = seededRandom(seed);
  const draw = (count: number, cosine: number, spread: number, bits: number) =>
    Array.from({ length: count }, () => ({
      cosine: cosine + spread * (random() + random() - 1),
      hashDistance: Math.round(bits * 2 * random()),
    }));
  const edits = (kind: string, bits: number) => draw(150, 0.85, 0.14, bits).map((pair) => ({ ...pair, kind }));
  return {
    random: draw(others, 0.1, 0.4, 30),
    nearest: draw(500, 0.7, 0.2, 27),
    edits: [...edits('crop', 6), ...edits('jpeg', 2), ...edits('rotate', 8)],
  };
}

const withoutUnseen = ({ edits, ...rest }: PairSample): PairSample => ({
  ...rest,
  edits: edits.filter(({ kind }) => kind !== 'rotate'),
});
const samples = { fit: withoutUnseen(sample(1)), scale: withoutUnseen(sample(2)), test: sample(3) };

describe('a calibration', () => {
  const model = fitPairModel(samples);
  const measured = measurePairModel(model, samples, ['rotate']);

  it('states probabilities that come true on pairs that it was not fitted on', () => {
    expect(measured.calibrationError).toBeLessThan(0.05);
    expect(measured.unseenCalibrationError).toBeLessThan(0.05);
  });

  it('finds copies, also of a kind that it never saw, and hardly any random pair', () => {
    expect(measured.recall).toEqual({ crop: expect.any(Number) as number, jpeg: expect.any(Number) as number });
    expect(measured.recall['crop']).toBeGreaterThan(0.8);
    expect(measured.unseenRecall['rotate']).toBeGreaterThan(0.6);
    expect(measured.falsePer1000).toBeLessThan(1);
    expect(measured).toMatchObject({ randomPairs: 3000, nearestPairs: 500, editedCopies: 450 });
  });

  it('has a model for pairs without hashes', () => {
    const of = (cosine: number) => judgePair({ cosine, sameContent: false, sameHash: false }, model);
    expect(of(0.99)!.probability).toBeGreaterThan(of(0.7)!.probability);
    expect(of(-0.3)?.verdict).toBe('weak');
  });

  it('calls similar what one in a thousand unrelated pairs reaches', () => {
    const reached = sample(4, 100_000).random.filter(({ cosine }) => cosine >= model.similarCosine).length;
    expect(reached).toBeLessThan(200);
  });
});

describe('a calibration of pictures that are hard to tell apart', () => {
  /** As many random pairs are real duplicates as pass for near-duplicates, times twenty. */
  const withDuplicates = (seed: number): PairSample => {
    const { random, edits, nearest } = withoutUnseen(sample(seed, 10_000));
    return { random: [...random.slice(20), ...edits.slice(-20)], nearest, edits };
  };
  const model = fitPairModel({ fit: withDuplicates(1), scale: withDuplicates(2) });

  it('does not let real duplicates among the random pairs hide all others: odds of 9 to 1 are always enough', () => {
    expect(model.minLogit.withHash).toBeLessThanOrEqual(Math.log(9));
    const { recall } = measurePairModel(model, samples, ['rotate']);
    expect(recall['jpeg']).toBeGreaterThan(0.5);
  });

  it('does not let them lift what counts as similar', () => {
    expect(model.similarCosine).toBeLessThan(fitPairModel(samples).similarCosine + 0.05);
  });
});
