import type { Candidate } from './candidate.js';
import type { GroupStage } from './ranking-stage.js';

/** @returns the first `limit` candidates of each value of the field, in their order; those without it all stay. */
export function keepBestOfGroups<C extends Pick<Candidate, 'metadata'>>(
  candidates: readonly C[],
  { field, limit }: Pick<GroupStage, 'field' | 'limit'>,
): C[] {
  const counts = new Map<string, number>();
  return candidates.filter(({ metadata }) => {
    const value = metadata[field];
    if (value === undefined || value === null) return true;
    // as JSON text, so that "1" and 1 are two groups
    const key = JSON.stringify(value);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= limit;
  });
}
