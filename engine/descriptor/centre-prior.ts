/** The prior's standard deviation, as a share of the distance from the centre to the nearest border. */
const SIGMA_SHARE = 1 / 3;

/**
 * SPoC's centre prior (Babenko & Lempitsky 2015): objects are mostly in the middle. exp(-r^2 / (2 s^2)) of each cell's
 * distance r from the centre, s a third of the way to the nearest border.
 * @returns weights [height * width] in 0..1.
 */
export function centrePrior(height: number, width: number): Float32Array {
  const sigma = (SIGMA_SHARE * Math.min(height, width)) / 2;
  return Float32Array.from({ length: height * width }, (_, cell) => {
    // cell centres lie at + 0.5, so that the prior of a mirrored map is the mirrored prior
    const x = (cell % width) + 0.5 - width / 2;
    const y = Math.floor(cell / width) + 0.5 - height / 2;
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
}
