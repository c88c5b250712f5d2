import type { Candidate } from './candidate.js';

/** What a candidate belongs to; undefined is a group of its own. */
export type GroupKey = string | number | undefined;

/** @returns the group of each candidate by its value of a field; those without it are never grouped. */
export function fieldGroups(candidates: readonly Pick<Candidate, 'metadata'>[], field: string): GroupKey[] {
  return candidates.map(({ metadata }) => {
    const value = metadata[field];
    // as JSON text, so that "1" and 1 are two groups
    return value === undefined || value === null ? undefined : JSON.stringify(value);
  });
}

/**
 * @param groups by position
 * @returns the first `limit` candidates of each group, in their order
 */
export function keepBestOfGroups<C>(candidates: readonly C[], groups: readonly GroupKey[], limit: number): C[] {
  const counts = new Map<GroupKey, number>();
  return candidates.filter((_, position) => {
    const group = groups[position];
    if (group === undefined) return true;
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= limit;
  });
}
