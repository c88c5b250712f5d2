import { isDeepStrictEqual } from 'node:util';
import { LikenessError, isPictureError, toLikenessError } from '../../engine/errors.js';
import { sha256 } from '../../engine/sha256.js';
import { imageIdSchema, type ImageRecord, type ImageSource, type Metadata } from '../../engine/types.js';
import { runConcurrently } from '../run-concurrently.js';
import type { IndexTarget } from './empty-collection.js';
import type { IndexItem, IndexItems } from './index-items.js';
import type { IndexOutcome, Ledger, LedgerEntry } from './ledger.js';
import { missingItems } from './missing-items.js';
import { OrderById } from './order-by-id.js';
import { readPicture } from './read-picture.js';

export interface IndexRunOptions {
  collection: IndexTarget;
  ledger: Pick<Ledger, 'write'>;
  /** Pictures in flight at once. */
  concurrency: number;
  /** Files with more bytes are rejected unread. */
  maxBytes?: number;
  /** Says what would be done, and does nothing; pictures are not decoded. */
  dryRun: boolean;
  /** Deletes images that came from this root and whose file is no longer there. */
  deleteMissing: boolean;
  onProgress: (counts: IndexCounts, total: number) => void;
  signal: AbortSignal;
}

export type IndexCounts = Record<IndexOutcome, number>;

/**
 * Brings a collection in step with the items. One bad picture never stops it: it is counted and written to the ledger.
 * May be interrupted at any point: whatever was added is found unchanged by the next run. Items of one id are done in
 * their order.
 * @throws what is no fault of a picture: a full disk, a server that is gone
 */
export async function runIndex({ root, items }: IndexItems, options: IndexRunOptions): Promise<IndexCounts> {
  const { collection, ledger, concurrency, onProgress, signal } = options;
  const counts: IndexCounts = { added: 0, replaced: 0, unchanged: 0, rejected: 0, deleted: 0 };
  const missing = options.deleteMissing && root !== undefined ? await missingItems(root, items, collection) : [];
  const total = items.length + missing.length;
  const order = new OrderById();
  await runConcurrently(until(signal, [...items, ...missing]), concurrency, async (item) => {
    const entry = await order.run(item.id, () => indexItem(item, root, options));
    counts[entry.outcome] += 1;
    ledger.write(entry);
    onProgress(counts, total);
  });
  return counts;
}

function* until(signal: AbortSignal, items: readonly IndexItem[]): Generator<IndexItem> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}

async function indexItem(item: IndexItem, root: string | undefined, options: IndexRunOptions): Promise<LedgerEntry> {
  const facts = { id: item.id, ...(item.op === 'add' ? { path: item.path } : {}) };
  try {
    checkId(item.id);
    const outcome = item.op === 'add' ? await addPicture(item, root, options) : await deleteImage(item.id, options);
    return { ...facts, outcome };
  } catch (thrown) {
    const error = toLikenessError(thrown);
    if (!isPictureError(error)) throw error;
    return { ...facts, outcome: 'rejected', code: error.code, message: error.message };
  }
}

/** A file's name may hold what an id must not. */
function checkId(id: string): void {
  const parsed = imageIdSchema.safeParse(id);
  if (parsed.success) return;
  throw new LikenessError('invalid_request', `id ${JSON.stringify(id)}: ${parsed.error.issues[0]?.message ?? ''}`);
}

async function deleteImage(id: string, { collection, dryRun }: IndexRunOptions): Promise<IndexOutcome> {
  const existed = dryRun ? (await collection.find(id)) !== undefined : await collection.remove(id);
  return existed ? 'deleted' : 'unchanged';
}

async function addPicture(
  item: IndexItem & { op: 'add' },
  root: string | undefined,
  { collection, dryRun, maxBytes = Infinity }: IndexRunOptions,
): Promise<IndexOutcome> {
  const { bytes, mtimeMs } = await readPicture(item.path, maxBytes);
  const stored = await collection.find(item.id);
  const source: ImageSource = { kind: 'file', path: item.path, mtimeMs, ...(root === undefined ? {} : { root }) };
  // who names no metadata does not mean to delete what was said of the image since
  const metadata = item.metadata ?? stored?.metadata ?? {};
  const isSame = stored !== undefined && isSamePicture(stored, await sha256(bytes), metadata);
  if (isSame && (dryRun || isSamePlace(stored.source, source))) return 'unchanged';
  if (dryRun) return stored === undefined ? 'added' : 'replaced';
  return (await collection.put({ id: item.id, bytes, metadata, source })).outcome;
}

function isSamePicture(stored: ImageRecord, contentHash: string, metadata: Metadata): boolean {
  return stored.contentHash === contentHash && isDeepStrictEqual(stored.metadata, metadata);
}

/** What a server keeps as an upload has no place to compare. */
function isSamePlace(stored: ImageSource, source: ImageSource): boolean {
  if (stored.kind !== 'file' || source.kind !== 'file') return true;
  return stored.path === source.path && (source.root === undefined || stored.root === source.root);
}
