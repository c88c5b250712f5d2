import type { Command } from 'commander';
import type { CollectionInfo } from '../engine/collection/collection.js';
import { LikenessError } from '../engine/errors.js';
import type { CollectionConfig } from '../engine/types.js';
import { collect } from './collect-option.js';

/** Flags that say what fields of the metadata mean. */
export interface FieldOptions {
  categoryField?: string;
  textField?: string[];
}

type Fields = Partial<Pick<CollectionConfig, 'categoryField' | 'textFields'>>;

/** Adds the flags --category-field and --text-field. */
export function withFields(command: Command): Command {
  return command
    .option('--category-field <name>', 'metadata field of the category that searches of a new collection predict')
    .option(
      '--text-field <name>',
      'metadata field of a new collection whose text is searched by words; may be given again',
      collect,
    );
}

/** @returns what the flags say; what is not given is absent. */
export function fieldsOf({ categoryField, textField }: FieldOptions): Fields {
  return {
    ...(categoryField === undefined ? {} : { categoryField }),
    ...(textField === undefined ? {} : { textFields: textField }),
  };
}

/** Makes sure that a collection was made with the fields that the user named. @throws `invalid_request` */
export function requireFields(
  { name, categoryField, textFields }: Pick<CollectionInfo, 'name' | 'categoryField' | 'textFields'>,
  wanted: Fields,
): void {
  if (wanted.categoryField !== undefined && wanted.categoryField !== categoryField) {
    const message = `--category-field: expected ${categoryField ?? 'none'}, as collection ${name} was made, got ${wanted.categoryField}`;
    throw new LikenessError(
      'invalid_request',
      `${message}; a search may name another: --category ${wanted.categoryField}`,
    );
  }
  if (wanted.textFields === undefined || sorted(wanted.textFields) === sorted(textFields)) return;
  const made = textFields.length === 0 ? 'none' : textFields.join();
  const message = `--text-field: expected ${made}, as collection ${name} was made, got ${wanted.textFields.join()}`;
  throw new LikenessError('invalid_request', message);
}

function sorted(fields: readonly string[]): string {
  return JSON.stringify([...new Set(fields)].sort());
}
