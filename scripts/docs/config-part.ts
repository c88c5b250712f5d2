import { describeConfig } from '../../server/load-config.js';
import { markdownTable } from './markdown.js';

/** @returns every key of the config with its names, default and meaning. */
export function configPart(): string {
  const rows = describeConfig().map((row) => [
    `\`${row.key}\``,
    row.flag === undefined ? 'none' : `\`${row.flag}\``,
    `\`${row.env}\``,
    row.default === '' ? 'none' : `\`${row.default}\``,
    row.description,
  ]);
  return markdownTable(['key in the file', 'flag', 'variable', 'default', 'what it sets'], rows);
}
