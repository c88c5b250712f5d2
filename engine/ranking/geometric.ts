/**
 * Rank scores of geometric verification (Philbin et al. 2007): first by points that agree on one map, then by what the order
 * was before. Fewer than `minInliers` are chance and count as none.
 * @param inliers of each candidate; 0 for one that could not be looked at
 * @param relevance what each is ordered by so far
 * @returns inliers plus the logistic of the relevance, which is below 1 and keeps its order
 */
export function geometricScores(
  inliers: ArrayLike<number>,
  relevance: ArrayLike<number>,
  minInliers: number,
): Float64Array {
  return Float64Array.from(inliers, (count, position) => {
    const before = 1 / (1 + Math.exp(-relevance[position]!));
    return (count < minInliers ? 0 : count) + before;
  });
}
