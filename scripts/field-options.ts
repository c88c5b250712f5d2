import type { Command } from 'commander';
import type { CollectionInfo } from '../engine/collection/collection.js';
import { LikenessError } from '../engine/errors.js';
import { pickDefined } from '../engine/pick-defined.js';
import type { CollectionConfig } from '../engine/types.js';
import { collect } from './collect-option.js';

/** Flags that say what fields of the metadata mean. */
export interface FieldOptions {
  categoryField?: string;
  domainField?: string;
  textField?: string[];
}

type Fields = Partial<Pick<CollectionConfig, 'categoryField' | 'domainField' | 'textFields'>>;

/** Adds the flags --category-field, --domain-field and --text-field. */
export function withFields(command: Command): Command {
  return command
    .option('--category-field <name>', 'metadata field of the category that searches of a new collection predict')
    .option('--domain-field <name>', 'metadata field of the domain, such as street or shop, of a new collection')
    .option(
      '--text-field <name>',
      'metadata field of a new collection whose text is searched by words; may be given again',
      collect,
    );
}

/** @returns what the flags say; what is not given is absent. */
export function fieldsOf({ textField, ...options }: FieldOptions): Fields {
  return {
    ...pickDefined(options, ['categoryField', 'domainField']),
    ...(textField === undefined ? {} : { textFields: textField }),
  };
}

/** Makes sure that a collection was made with the fields that the user named. @throws `invalid_request` */
export function requireFields(made: Pick<CollectionInfo, 'name' | keyof Fields>, wanted: Fields): void {
  const place = `as collection ${made.name} was made`;
  for (const [key, flag] of [
    ['categoryField', '--category-field'],
    ['domainField', '--domain-field'],
  ] as const) {
    if (wanted[key] === undefined || wanted[key] === made[key]) continue;
    const message = `${flag}: expected ${made[key] ?? 'none'}, ${place}, got ${wanted[key]}; a search may name another`;
    throw new LikenessError('invalid_request', message);
  }
  if (wanted.textFields === undefined || sorted(wanted.textFields) === sorted(made.textFields)) return;
  const expected = made.textFields.length === 0 ? 'none' : made.textFields.join();
  const message = `--text-field: expected ${expected}, ${place}, got ${wanted.textFields.join()}`;
  throw new LikenessError('invalid_request', message);
}

function sorted(fields: readonly string[]): string {
  return JSON.stringify([...new Set(fields)].sort());
}
