import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../../engine/errors.js';
import { sha256 } from '../../../engine/sha256.js';
import type { ImageRecord } from '../../../engine/types.js';
import type { PutInput } from '../../../scripts/backend/backend.js';
import { EMPTY_COLLECTION, type IndexTarget } from '../../../scripts/indexing/empty-collection.js';
import type { IndexItem } from '../../../scripts/indexing/index-items.js';
import { runIndex, type IndexRunOptions } from '../../../scripts/indexing/index-run.js';
import type { LedgerEntry } from '../../../scripts/indexing/ledger.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A collection in memory; a picture whose bytes begin with ! is refused with the code that follows. */
class MemoryCollection implements IndexTarget {
  readonly images = new Map<string, ImageRecord>();
  /** What was done, in order. */
  readonly writes: string[] = [];

  async put({ id, bytes, metadata, source }: PutInput): Promise<{ outcome: 'added' | 'replaced'; sequence: number }> {
    const text = Buffer.from(bytes).toString();
    await new Promise((resolve) => setTimeout(resolve, text.startsWith('slow') ? 30 : 0));
    if (text.startsWith('!')) throw new LikenessError(text.slice(1) as 'truncated_image', 'refused');
    const outcome = this.images.has(id) ? 'replaced' : 'added';
    this.writes.push(`${outcome} ${id} ${text}`);
    const facts = { contentHash: await sha256(bytes), width: 1, height: 1, format: 'jpeg', bytes: bytes.length };
    this.images.set(id, { id, ...facts, metadata, source, createdAt: '', updatedAt: '', sequence: 1 });
    return { outcome, sequence: 1 };
  }

  find(id: string): Promise<ImageRecord | undefined> {
    return Promise.resolve(this.images.get(id));
  }

  async *list(): AsyncGenerator<ImageRecord> {
    yield* await Promise.resolve([...this.images.values()]);
  }

  remove(id: string): Promise<boolean> {
    this.writes.push(`removed ${id}`);
    return Promise.resolve(this.images.delete(id));
  }
}

async function folderOf(files: Record<string, string>): Promise<{ root: string; items: IndexItem[] }> {
  const root = await tempFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return { root, items: Object.keys(files).map((id) => ({ op: 'add', id, path: join(root, id) })) };
}

async function run(work: { root?: string; items: IndexItem[] }, options: Partial<IndexRunOptions> = {}) {
  const entries: LedgerEntry[] = [];
  const counts = await runIndex(work, {
    collection: new MemoryCollection(),
    ledger: { write: (entry) => void entries.push(entry) },
    concurrency: 4,
    dryRun: false,
    deleteMissing: false,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });
  return { counts, entries };
}

const NONE = { added: 0, replaced: 0, unchanged: 0, rejected: 0, deleted: 0 };

describe('runIndex', () => {
  it('adds, then finds unchanged, then replaces what changed', async () => {
    const collection = new MemoryCollection();
    const work = await folderOf({ 'a.jpg': 'A', 'b.jpg': 'B' });
    expect((await run(work, { collection })).counts).toEqual({ ...NONE, added: 2 });
    expect(collection.images.get('a.jpg')).toMatchObject({
      metadata: {},
      source: { kind: 'file', path: join(work.root, 'a.jpg'), root: work.root, mtimeMs: expect.any(Number) as number },
    });
    expect((await run(work, { collection })).counts).toEqual({ ...NONE, unchanged: 2 });
    await writeFile(join(work.root, 'b.jpg'), 'B2');
    expect((await run(work, { collection })).counts).toEqual({ ...NONE, unchanged: 1, replaced: 1 });
  });

  it('goes on past pictures that are refused, unreadable, too large, no files, or of an impossible id', async () => {
    const work = await folderOf({ 'a.jpg': '!truncated_image', 'big.jpg': 'x'.repeat(99), 'ok.jpg': 'fine' });
    await mkdir(join(work.root, 'folder.jpg'));
    work.items.push({ op: 'add', id: 'gone', path: join(work.root, 'gone.jpg') });
    work.items.push({ op: 'add', id: 'folder', path: join(work.root, 'folder.jpg') });
    work.items.push({ op: 'add', id: 'bad\nname', path: join(work.root, 'ok.jpg') });
    const { counts, entries } = await run(work, { maxBytes: 50 });
    expect(counts).toEqual({ ...NONE, added: 1, rejected: 5 });
    const codes = Object.fromEntries(entries.map(({ id, code }) => [id, code]));
    expect(codes).toEqual({
      'a.jpg': 'truncated_image',
      'big.jpg': 'too_many_bytes',
      'ok.jpg': undefined,
      gone: 'file_unreadable',
      folder: 'file_unreadable',
      'bad\nname': 'invalid_request',
    });
  });

  it('is ended by what is no fault of a picture, once what runs has ended', async () => {
    const collection = new MemoryCollection();
    const work = await folderOf({ 'a.jpg': 'slow', 'b.jpg': '!disk_full', 'c.jpg': 'C', 'd.jpg': 'D', 'e.jpg': 'E' });
    const entries: LedgerEntry[] = [];
    const running = run(work, { collection, concurrency: 2, ledger: { write: (entry) => void entries.push(entry) } });
    await expect(running).rejects.toMatchObject({ code: 'disk_full' });
    expect(entries.map(({ id }) => id)).toEqual(['a.jpg']);
  });

  it('does the items of one id in their order', async () => {
    const collection = new MemoryCollection();
    const { root } = await folderOf({ one: 'slow 1', two: 'two', three: 'slow 3' });
    const add = (name: string) => ({ op: 'add' as const, id: 'x', path: join(root, name) });
    const { counts } = await run(
      { items: [add('one'), { op: 'delete', id: 'x' }, add('two'), add('three')] },
      { collection },
    );
    expect(collection.writes).toEqual(['added x slow 1', 'removed x', 'added x two', 'replaced x slow 3']);
    expect(counts).toEqual({ ...NONE, added: 2, deleted: 1, replaced: 1 });
  });

  it('leaves metadata alone unless the source names some', async () => {
    const collection = new MemoryCollection();
    const work = await folderOf({ 'a.jpg': 'A' });
    await run(work, { collection });
    collection.images.get('a.jpg')!.metadata = { note: 'by hand' };
    expect((await run(work, { collection })).counts.unchanged).toBe(1);
    await writeFile(join(work.root, 'a.jpg'), 'A2');
    expect((await run(work, { collection })).counts.replaced).toBe(1);
    expect(collection.images.get('a.jpg')!.metadata).toEqual({ note: 'by hand' });
    const named = { items: work.items.map((item) => ({ ...item, metadata: { kind: 'x' } })) };
    expect((await run(named, { collection })).counts.replaced).toBe(1);
    expect(collection.images.get('a.jpg')!.metadata).toEqual({ kind: 'x' });
  });

  it('deletes only what came from this folder and is gone', async () => {
    const collection = new MemoryCollection();
    const work = await folderOf({ 'a.jpg': 'A', 'b.jpg': 'B' });
    const other = await folderOf({ 'z.jpg': 'Z' });
    await run(work, { collection });
    await run(other, { collection });
    // the same folder under another prefix: its files are there, so its images stay
    const prefixed = { ...work, items: work.items.map((item) => ({ ...item, id: `p/${item.id}` })) };
    await run(prefixed, { collection });
    // a file that is there though no item names it, as in a sub-folder that could not be read this time
    const unread = { op: 'add' as const, id: 'unread.jpg', path: join(work.root, 'unread.jpg') };
    await writeFile(unread.path, 'U');
    await run({ ...work, items: [unread] }, { collection });
    await rm(join(work.root, 'b.jpg'));
    await rm(join(other.root, 'z.jpg'));
    const rest = { ...work, items: work.items.slice(0, 1) };
    expect((await run(rest, { collection, deleteMissing: true, dryRun: true })).counts.deleted).toBe(2);
    expect(collection.images.size).toBe(6);
    const { counts } = await run(rest, { collection, deleteMissing: true });
    expect(counts).toEqual({ ...NONE, unchanged: 1, deleted: 2 });
    expect([...collection.images.keys()].sort()).toEqual(['a.jpg', 'p/a.jpg', 'unread.jpg', 'z.jpg']);
  });

  it('writes nothing in a dry run, and foretells the same outcomes', async () => {
    const collection = new MemoryCollection();
    const work = await folderOf({ 'a.jpg': 'A', 'b.jpg': 'B' });
    await run(work, { collection });
    await writeFile(join(work.root, 'b.jpg'), 'B2');
    await writeFile(join(work.root, 'c.jpg'), 'C');
    work.items.push({ op: 'add', id: 'c.jpg', path: join(work.root, 'c.jpg') }, { op: 'delete', id: 'a.jpg' });
    const before = [...collection.writes];
    const dry = await run(work, { collection, dryRun: true });
    expect(collection.writes).toEqual(before);
    expect(dry.counts).toEqual({ ...NONE, unchanged: 1, replaced: 1, added: 1, deleted: 1 });
    expect((await run(work, { collection })).counts).toEqual(dry.counts);
    const fresh = await run(work, { collection: EMPTY_COLLECTION, dryRun: true });
    expect(fresh.counts).toEqual({ ...NONE, added: 3, unchanged: 1 });
  });

  it('takes nothing more once it is told to stop', async () => {
    const work = await folderOf(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.jpg`, `${i}`])));
    const stop = new AbortController();
    const { counts } = await run(work, { concurrency: 2, signal: stop.signal, onProgress: () => stop.abort() });
    expect(counts.added).toBeGreaterThan(0);
    expect(counts.added).toBeLessThan(4);
  });
});
