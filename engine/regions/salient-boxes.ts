import { scaled, suppress, type ScoredBox } from './box.js';
import { components, type Grid } from './components.js';
import { explainedShare } from './explained-share.js';

/** Shares of the way from the least to the greatest activation. A large subject stands out at a low one, a small one at a high one. */
const LEVELS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/** One bright cell is noise. */
const MIN_CELLS = 2;
/** A box that explains less of the activation than this is none. */
const MIN_SCORE = 0.1;
const MAX_OVERLAP = 0.5;
export const MAX_SUBJECTS = 5;

/**
 * Where a network sees something: connected cells above each of a few levels of its activation, each group's box scored by
 * {@link explainedShare}, boxes that say the same suppressed.
 * @param grid activation summed over channels, see activationMap
 * @returns at most {@link MAX_SUBJECTS} boxes in fractions of the picture, best first; none where all is alike
 */
export function salientBoxes(grid: Grid): ScoredBox[] {
  const values = Array.from(grid.data);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  if (!(greatest > least)) return [];
  const candidates = LEVELS.flatMap((level) => components(grid, least + level * (greatest - least)))
    .filter(({ cells }) => cells >= MIN_CELLS)
    .map(({ cells, ...box }) => ({ ...box, score: explainedShare(grid, box) }))
    .filter(({ score }) => score >= MIN_SCORE);
  return suppress(candidates, MAX_OVERLAP, MAX_SUBJECTS).map((box) => scaled(box, 1 / grid.width, 1 / grid.height));
}
