/** A stated probability with what came of it. */
export interface Outcome {
  probability: number;
  happened: boolean;
  /** How much it counts. */
  weight: number;
}

/**
 * Expected calibration error (Naeini 2015): the mean over bins of equal width of the distance between the mean probability
 * that was stated in a bin and the share that came true, each bin by its weight. 0 is perfect; NaN without outcomes.
 */
export function expectedCalibrationError(outcomes: readonly Outcome[], bins = 10): number {
  const sums = Array.from({ length: bins }, () => ({ stated: 0, happened: 0 }));
  let total = 0;
  for (const { probability, happened, weight } of outcomes) {
    const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))]!;
    bin.stated += weight * probability;
    bin.happened += happened ? weight : 0;
    total += weight;
  }
  return sums.reduce((error, { stated, happened }) => error + Math.abs(stated - happened), 0) / total;
}
