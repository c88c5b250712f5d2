import type { PairedRows } from './learning-method.js';
import { selectRows, type Rows } from './rows.js';

/** What was shown for one query, best first, as rows of one matrix, and which of it was chosen. */
export interface FeedbackList {
  query: number;
  shown: number[];
  clicked: boolean[];
}

/**
 * Pairs out of clicks, as Alibaba's search learns from its logs (PVLOG, Zhang 2018): the query and what was chosen belong
 * together; the query and what was shown above a choice, seen and passed over, do not. What was shown below the last choice
 * may not have been seen, and says nothing.
 */
export function pairsOf(rows: Rows, lists: readonly FeedbackList[]): PairedRows {
  const used = [...new Set(lists.flatMap(({ query, shown }) => [query, ...shown]))].sort((a, b) => a - b);
  const place = new Map(used.map((row, i) => [row, i]));
  const pairs = (which: 'matching' | 'nonMatching') =>
    Uint32Array.from(
      lists.flatMap((list) => rowsPaired(list, which).flatMap((row) => [place.get(list.query)!, place.get(row)!])),
    );
  return {
    kind: 'pairs',
    rows: selectRows(rows, used),
    matching: pairs('matching'),
    nonMatching: pairs('nonMatching'),
  };
}

/** @returns whether the list tells better from worse: something chosen, and something not. */
export function hasContrast({ clicked }: FeedbackList): boolean {
  return clicked.includes(true) && clicked.includes(false);
}

function rowsPaired({ shown, clicked }: FeedbackList, which: 'matching' | 'nonMatching'): number[] {
  if (which === 'matching') return shown.filter((_, i) => clicked[i]);
  return shown.slice(0, clicked.lastIndexOf(true) + 1).filter((_, i) => !clicked[i]);
}
