import type { Command } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { metadataSchema } from '../../engine/types.js';
import { withBackend } from '../backend/open-backend.js';
import type { Backend } from '../backend/backend.js';
import { requireModel } from '../backend/require-model.js';
import { userPath } from '../cli-paths.js';
import { configOf, namedModel, withCollection, type CollectionOptions } from '../command-options.js';
import { descriptorOf, withDescriptor, type DescriptorOptions } from '../descriptor-options.js';
import { fieldsOf, requireFields, withFields, type FieldOptions } from '../field-options.js';
import { defaultLedger } from '../indexing/default-ledger.js';
import { dressItems } from '../indexing/dress-items.js';
import { EMPTY_COLLECTION, type IndexTarget } from '../indexing/empty-collection.js';
import { readIndexItems, type IndexItems } from '../indexing/index-items.js';
import { runIndex, type IndexCounts, type IndexRunOptions } from '../indexing/index-run.js';
import { Ledger, rejectedIds } from '../indexing/ledger.js';
import { Progress } from '../indexing/progress.js';
import { parseJsonOption } from '../parse-json-option.js';
import { regionsOf, requireRegions, withRegions, type RegionOptions } from '../region-options.js';

/** What a shell gives a command that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

interface IndexOptions extends CollectionOptions, DescriptorOptions, FieldOptions, RegionOptions {
  metadata?: string;
  folderField?: string;
  idPrefix: string;
  ledger?: string;
  retryRejected?: boolean;
  deleteMissing?: boolean;
  dryRun?: boolean;
}

/** `likeness index`: brings a collection in step with a folder, a list of paths, or a manifest. */
export function addIndex(program: Command): void {
  withRegions(withFields(withDescriptor(withCollection(program.command('index')))))
    .description('add the pictures of a folder (or of a list.txt, manifest.ndjson, manifest.csv) to a collection')
    .argument('<source>', 'folder, list of paths, or manifest')
    .option('--metadata <json>', 'metadata that every picture gets, as a JSON object')
    .option('--folder-field <name>', 'metadata field that gets the name of the folder each picture lies in')
    .option('--id-prefix <prefix>', 'put before every id', '')
    .option(
      '--ledger <file>',
      'NDJSON file that gets a line for each picture (default: ledgers/ in the data directory)',
    )
    .option('--retry-rejected', 'only what the ledger says was rejected')
    .option('--delete-missing', 'delete images that came from this folder and whose file is gone')
    .option('--dry-run', 'say what would be done, and do nothing; pictures are not decoded')
    .action(indexImages);
}

async function indexImages(source: string, options: IndexOptions): Promise<void> {
  refuseContradictions(options);
  const ledgerFile = ledgerOf(source, options);
  const work = await chooseItems(source, ledgerFile, options);
  await withBackend(options, 'index', async (backend) => {
    if (options.dryRun === true) await dryRun(work, backend, options);
    else await realRun(work, backend, ledgerFile, options);
  });
}

function refuseContradictions({ retryRejected, deleteMissing, server }: IndexOptions): void {
  if (deleteMissing !== true) return;
  if (retryRejected === true) {
    throw new LikenessError(
      'invalid_request',
      'expected --retry-rejected or --delete-missing, got both: one looks at a part, the other needs all',
    );
  }
  if (server !== undefined) {
    throw new LikenessError(
      'invalid_request',
      '--delete-missing needs the data directory on this machine: what is sent to --server does not keep its folder',
    );
  }
}

function ledgerOf(source: string, options: IndexOptions): string {
  if (options.ledger !== undefined) return userPath(options.ledger);
  const { collection, server } = options;
  return defaultLedger({ dataDir: configOf(options).dataDir, collection, source: userPath(source), server });
}

async function chooseItems(source: string, ledgerFile: string, options: IndexOptions): Promise<IndexItems> {
  const { idPrefix, folderField } = options;
  const metadata =
    options.metadata === undefined ? undefined : parseJsonOption(metadataSchema, '--metadata', options.metadata);
  const found = await readIndexItems(userPath(source));
  if (options.deleteMissing === true && found.root === undefined)
    throw new LikenessError('invalid_request', `--delete-missing: expected a folder, got the file ${source}`);
  const items = dressItems(found.items, { metadata, idPrefix, folderField });
  if (options.retryRejected !== true) return { ...found, items };
  const rejected = await rejectedIds(ledgerFile);
  return { ...found, items: items.filter(({ id }) => rejected.has(id)) };
}

/** Tells on standard output what would become of each item, a JSON object a line. */
async function dryRun(work: IndexItems, backend: Backend, options: IndexOptions): Promise<void> {
  const collection = await backend.collection(options.collection).catch((error: unknown): IndexTarget => {
    if (error instanceof LikenessError && error.code === 'collection_not_found') return EMPTY_COLLECTION;
    throw error;
  });
  const ledger = { write: (entry: object) => void process.stdout.write(`${JSON.stringify(entry)}\n`) };
  const { counts } = await run(work, { collection, ledger, dryRun: true }, backend, options);
  process.stderr.write(`would be: ${inWords(counts)}\n`);
  if (counts.rejected > 0) process.exitCode = 1;
}

async function realRun(work: IndexItems, backend: Backend, ledgerFile: string, options: IndexOptions): Promise<void> {
  const model = namedModel(options);
  const wanted = { ...pickDefined({ model }, ['model']), ...descriptorOf(options) };
  const fields = fieldsOf(options);
  const regions = regionsOf(options);
  const collection = await backend.collection(options.collection, { ...wanted, ...fields, ...regions });
  requireFields(await collection.info(), fields);
  requireRegions(await collection.info(), regions);
  if (Object.keys(wanted).length > 0) {
    const dataDir = options.server === undefined ? configOf(options).dataDir : undefined;
    await requireModel(await collection.info(), wanted, dataDir);
  }
  const ledger = await Ledger.open(ledgerFile);
  const { counts, interrupted } = await run(work, { collection, ledger, dryRun: false }, backend, options).finally(() =>
    ledger.close(),
  );
  process.stdout.write(`${inWords(counts)}\nledger: ${ledgerFile}\n`);
  if (counts.rejected > 0) process.exitCode = 1;
  if (!interrupted) return;
  process.stderr.write('interrupted; the same command goes on from here\n');
  process.exitCode = INTERRUPTED_EXIT_CODE;
}

/** The run, with a progress line, ended after the pictures in flight by the first SIGINT or SIGTERM. */
async function run(
  work: IndexItems,
  target: Pick<IndexRunOptions, 'collection' | 'ledger' | 'dryRun'>,
  backend: Backend,
  options: IndexOptions,
): Promise<{ counts: IndexCounts; interrupted: boolean }> {
  const progress = new Progress();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const counts = await runIndex(work, {
      ...target,
      concurrency: backend.concurrency,
      maxBytes: configOf(options).maxImageBytes,
      deleteMissing: options.deleteMissing === true,
      onProgress: (soFar, total) => progress.show(soFar, total),
      signal: stop.signal,
    });
    return { counts, interrupted: stop.signal.aborted };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.end();
  }
}

function inWords(counts: IndexCounts): string {
  return Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}
