import { LikenessError } from '../../errors.js';
import { NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';

const GROUP_SIZE = 4;

/**
 * UKBench (Nister & Stewenius 2006): pictures in the order of their ids, each four show one object. Every picture asks for
 * its group, itself included, which is why even the worst system scores near 1 of 4.
 * @throws invalid_request where the number of pictures is no multiple of 4.
 */
export function ukbench(items: readonly EvaluationItem[]): Protocol {
  if (items.length === 0 || items.length % GROUP_SIZE !== 0) {
    throw new LikenessError(
      'invalid_request',
      `expected groups of ${GROUP_SIZE} pictures, got ${items.length} pictures`,
    );
  }
  const ids = items.map(({ id }) => id).sort();
  const groups = new Map<string, ReadonlySet<string>>();
  for (let start = 0; start < ids.length; start += GROUP_SIZE) {
    const group = ids.slice(start, start + GROUP_SIZE);
    for (const id of group) groups.set(id, new Set(group));
  }
  return {
    name: 'ukbench',
    queries: items,
    gallery: items,
    metrics: ['ns', 'recall-hit@1'],
    relevant: ({ id }) => groups.get(id) ?? NO_IDS,
    junk: () => NO_IDS,
  };
}
