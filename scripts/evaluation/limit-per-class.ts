import type { EvaluationItem } from '../../engine/evaluate/protocol.js';

/** @returns the first `limit` items of each label, in their order; without a limit, all. */
export function limitPerClass(items: EvaluationItem[], limit: number | undefined): EvaluationItem[] {
  if (limit === undefined) return items;
  const seen = new Map<string, number>();
  return items.filter(({ label }) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count <= limit;
  });
}
