import { Option, type Command } from 'commander';
import type { DuplicateImages } from '../../engine/collection/duplicates/duplicate-finder.js';
import type { DuplicateVerdict } from '../../engine/collection/duplicates/find-duplicates.js';
import { LikenessError } from '../../engine/errors.js';
import type { CollectionBackend } from '../backend/backend.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { chooseKept, type KeepRule } from '../duplicates/choose-kept.js';
import { duplicatesSheet, type SheetGroup } from '../report/duplicates-sheet.js';
import { requireOutput, writeOutput } from '../write-output.js';

/** Side of the square that pictures of the report fit, pixels. */
const SHEET_SIZE_PX = 200;
/** Pictures of one group that the report shows. */
const MAX_SHOWN = 24;

interface DedupeOptions extends CollectionOptions {
  verdict: DuplicateVerdict;
  geometry?: boolean;
  keep: KeepRule;
  html?: string;
  json?: boolean;
  delete?: boolean;
  yes?: boolean;
}

/** `likeness dedupe`: groups of duplicates; looks only, unless told to delete. */
export function addDedupe(program: Command): void {
  withCollection(program.command('dedupe'))
    .description('find the images of a collection that are duplicates of each other')
    .addOption(
      new Option('--verdict <verdict>', 'the loosest verdict of a pair; near-duplicate needs `calibrate`')
        .choices(['identical', 'near-duplicate'])
        .default('near-duplicate'),
    )
    .option('--geometry', 'also look at the key points of similar pairs: finds crops, and takes long')
    .addOption(
      new Option('--keep <rule>', 'the image of each group to keep').choices(['oldest', 'largest']).default('oldest'),
    )
    .option('--html <file>', 'write a report to look at')
    .option('--json', 'print one group a line as JSON')
    .option('--delete', 'delete the others of each group; with --yes only, else say what would be deleted')
    .option('--yes', 'delete without asking')
    .action(dedupe);
}

async function dedupe(options: DedupeOptions): Promise<void> {
  if (options.yes === true && options.delete !== true)
    throw new LikenessError('invalid_request', 'expected --yes beside --delete only');
  if (options.html !== undefined) await requireOutput(userPath(options.html));
  await withBackend(options, 'dedupe', async (backend) => {
    const collection = await backend.collection(options.collection);
    const groups: SheetGroup[] = [];
    let removable = 0;
    // the groups first, then the deletions: what is found does not change under the pages
    const found: DuplicateImages[] = [];
    for await (const group of collection.duplicates({ verdict: options.verdict, geometry: options.geometry }))
      found.push(group);
    for (const group of found) {
      const kept = chooseKept(group.images, options.keep).id;
      const others = group.images.filter(({ id }) => id !== kept).map(({ id }) => id);
      removable += others.length;
      process.stdout.write(options.json === true ? `${JSON.stringify({ ...group, kept })}\n` : groupText(group, kept));
      if (options.html !== undefined) groups.push(await toSheetGroup(collection, group, kept));
      if (options.delete === true && options.yes === true) for (const id of others) await collection.remove(id);
    }
    if (options.html !== undefined) {
      await writeOutput(userPath(options.html), duplicatesSheet(options.collection, groups));
      process.stderr.write(`report: ${options.html}\n`);
    }
    process.stderr.write(`${summary(found.length, removable, options)}\n`);
  });
}

function summary(groups: number, removable: number, options: DedupeOptions): string {
  const found = `${groups} groups, ${removable} images beside the ones to keep (${options.keep})`;
  if (options.delete !== true) return found;
  return options.yes === true ? `${found}: deleted` : `${found}: would be deleted with --yes`;
}

function groupText({ verdict, images, pairs }: DuplicateImages, kept: string): string {
  const best = new Map<string, number>();
  for (const { a, b, probability } of pairs)
    for (const id of [a, b]) best.set(id, Math.max(best.get(id) ?? 0, probability));
  const lines = images.map(({ id, width, height, bytes }) => {
    const mark = id === kept ? 'keep' : (best.get(id) ?? 0).toFixed(2);
    return `  ${mark.padEnd(5)} ${id}  ${width}x${height}, ${bytes} bytes\n`;
  });
  return `${verdict}\n${lines.join('')}`;
}

async function toSheetGroup(
  collection: CollectionBackend,
  { verdict, images, pairs }: DuplicateImages,
  kept: string,
): Promise<SheetGroup> {
  const pictures: SheetGroup['pictures'] = [];
  for (const { id, width, height } of images.slice(0, MAX_SHOWN)) {
    const picture = await collection.thumbnail(id, SHEET_SIZE_PX).catch(() => undefined);
    const caption = `${width}x${height}${id === kept ? ', keep' : ''}`;
    pictures.push({ title: id, caption, ...(picture === undefined ? {} : { picture }) });
  }
  const scores = pairs.map(({ score }) => score);
  const range = `score ${Math.min(...scores).toFixed(4)} to ${Math.max(...scores).toFixed(4)}`;
  return { title: `${verdict}: ${images.length} images, ${range}`, pictures };
}
