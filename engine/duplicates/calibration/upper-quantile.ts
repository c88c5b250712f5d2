/**
 * @param values at least one, in any order
 * @param share from 0 to 1
 * @returns what this share of the values exceeds, interpolated between two of them
 */
export function upperQuantile(values: Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * (1 - share);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}
