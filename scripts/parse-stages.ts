import { InvalidArgumentError } from 'commander';
import type { Stage } from '../engine/model/graph/stage.js';

const STAGES: readonly Stage[] = ['stem', 1, 2, 3, 4];

/** @returns the stages of a text such as `1-3` or `stem,2`, in the order of the network. @throws if it is none */
export function parseStages(text: string): Stage[] {
  const named = text.split(',').flatMap((part) => {
    const [from, to = from] = part
      .split('-', 2)
      .map((word) => STAGES.findIndex((stage) => String(stage) === word.trim()));
    if (from === undefined || to === undefined || from < 0 || to < from) {
      throw new InvalidArgumentError(
        `expected stages such as stem, 1-3 or 1,2 out of ${STAGES.join(', ')}, got ${text}`,
      );
    }
    return STAGES.slice(from, to + 1);
  });
  return STAGES.filter((stage) => named.includes(stage));
}

/** @returns names separated by commas. @throws if there is none */
export function parseNames(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return names;
  throw new InvalidArgumentError('expected names separated by commas, got none');
}
