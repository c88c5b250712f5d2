import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { CollectionPaths } from '../../engine/collection/paths.js';
import type { Round } from './round.js';

/** @returns whether a save of the graph was cut short: its temporary folder is still there. */
export function hasHalfGeneration({ dataDir, collection }: Round): boolean {
  const paths = new CollectionPaths(dataDir, collection);
  return readdirSync(paths.generations(epochInUse(paths))).some((name) => name.startsWith('tmp-'));
}

/** @returns whether a newer epoch lies beside the one in use. */
export function hasShadow({ dataDir, collection }: Round): boolean {
  const paths = new CollectionPaths(dataDir, collection);
  return readdirSync(paths.epochs).some((name) => Number(name) > epochInUse(paths));
}

/** @returns whether the newer epoch has its index, so that it is about to be taken into use. */
export function hasReadyShadow({ dataDir, collection }: Round): boolean {
  const paths = new CollectionPaths(dataDir, collection);
  return existsSync(paths.generations(epochInUse(paths) + 1));
}

function epochInUse({ current }: CollectionPaths): number {
  return (JSON.parse(readFileSync(current, 'utf8')) as { epoch: number }).epoch;
}

/** @returns the ids that a ledger says were added; the last line may be torn. */
export function addedIds(ledger: string): string[] {
  const text = existsSync(ledger) ? readFileSync(ledger, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const entries = whole
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; outcome: string });
  return entries.filter(({ outcome }) => outcome === 'added').map(({ id }) => id);
}
