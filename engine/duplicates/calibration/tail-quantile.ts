/** The tail is laid through the values that these shares of all exceed. */
const NEAR_RATE = 0.05;
const FAR_RATE = 0.01;

/**
 * The value that unrelated pairs exceed with probability `rate`, also where that is rarer than one in the values given:
 * beyond the 1 % an exponential tail through the quantiles of 5 % and 1 %. What is rarer than 1 % is not looked at, so that
 * the real duplicates that a collection has among its pairs do not lift the bound that is to find them.
 * @param values at least one, in any order
 */
export function tailQuantile(values: Float64Array, rate: number): number {
  const sorted = Float64Array.from(values).sort();
  if (rate >= FAR_RATE) return exceededBy(sorted, rate);
  const [near, far] = [exceededBy(sorted, NEAR_RATE), exceededBy(sorted, FAR_RATE)];
  return far + ((far - near) * Math.log(FAR_RATE / rate)) / Math.log(NEAR_RATE / FAR_RATE);
}

/** @returns the value that this share of the values exceeds, interpolated. */
function exceededBy(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * (1 - share);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}
