import { LikenessError } from '../../errors.js';
import type { EvaluationItem } from '../protocol.js';

/** @returns a look-up of items by id that throws invalid_request, naming the list, for an id that is not there. */
export function itemFinder(items: readonly EvaluationItem[], listName: string): (id: string) => EvaluationItem {
  const byId = new Map(items.map((item) => [item.id, item]));
  return (id) => {
    const item = byId.get(id);
    if (!item) throw new LikenessError('invalid_request', `expected an id of the ${listName}, got ${id}`);
    return item;
  };
}
