import type { Command } from 'commander';
import type { CollectionInfo } from '../engine/collection/collection.js';
import { LikenessError } from '../engine/errors.js';
import { regionsConfigSchema, type RegionsConfig } from '../engine/types.js';

/** The flag that says which parts of its pictures a collection describes. */
export interface RegionOptions {
  regions?: string;
}

type Wanted = { regions?: RegionsConfig };

/** Adds the flag --regions. */
export function withRegions(command: Command): Command {
  return command.option(
    '--regions <kinds>',
    'parts of each picture that searches of a new collection find by themselves: subjects, rmac:LEVELS, or both joined by +',
  );
}

/** @returns what the flag says; absent if it is not given. @throws `invalid_request` */
export function regionsOf({ regions }: RegionOptions): Wanted {
  if (regions === undefined) return {};
  const entries = regions.split('+').map((kind) => {
    const [name = '', levels] = kind.split(':');
    return [name, name === 'rmac' ? Number(levels) : (levels ?? true)] as const;
  });
  const parsed = regionsConfigSchema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return { regions: parsed.data };
  throw new LikenessError(
    'invalid_request',
    `--regions: expected subjects, rmac:1 to rmac:4, or both joined by +, got ${regions}`,
  );
}

/** Makes sure that a collection was made with the regions that the user named. @throws `invalid_request` */
export function requireRegions(info: Pick<CollectionInfo, 'name' | 'regions'>, { regions }: Wanted): void {
  if (regions === undefined) return;
  const { subjects, rmac } = info.regions;
  if (regions.subjects === subjects && regions.rmac === rmac) return;
  const made = [...(subjects ? ['subjects'] : []), ...(rmac > 0 ? [`rmac:${rmac}`] : [])].join('+') || 'none';
  throw new LikenessError('invalid_request', `--regions: expected ${made}, as collection ${info.name} was made`);
}
