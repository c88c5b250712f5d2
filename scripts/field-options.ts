import type { Command } from 'commander';
import type { CollectionInfo } from '../engine/collection/collection.js';
import { LikenessError } from '../engine/errors.js';
import { pickDefined } from '../engine/pick-defined.js';
import type { CollectionConfig } from '../engine/types.js';

/** Flags that say what fields of the metadata mean. */
export interface FieldOptions {
  categoryField?: string;
}

type Fields = Pick<CollectionConfig, 'categoryField'>;

/** Adds the flag --category-field. */
export function withFields(command: Command): Command {
  return command.option(
    '--category-field <name>',
    'metadata field of the category that searches of a new collection predict',
  );
}

/** @returns what the flags say; what is not given is absent. */
export function fieldsOf(options: FieldOptions): Fields {
  return pickDefined(options, ['categoryField']);
}

/** Makes sure that a collection was made with the fields that the user named. @throws `invalid_request` */
export function requireFields(info: Pick<CollectionInfo, 'name' | 'categoryField'>, wanted: Fields): void {
  if (wanted.categoryField === undefined || wanted.categoryField === info.categoryField) return;
  const message = `--category-field: expected ${info.categoryField ?? 'none'}, as collection ${info.name} was made, got ${wanted.categoryField}`;
  throw new LikenessError(
    'invalid_request',
    `${message}; a search may name another: --category ${wanted.categoryField}`,
  );
}
