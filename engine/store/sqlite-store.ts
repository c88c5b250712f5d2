import type Database from 'better-sqlite3';
import { LikenessError } from '../errors.js';
import type { ImageRecord, Json, Metadata } from '../types.js';
import { ChangeLog } from './change-log.js';
import { fieldFacts, type FieldFacts } from './field-facts.js';
import { compileFilter, type SqlCondition } from './filter-sql.js';
import type { Filter } from './filter.js';
import { ImageTable, toRecord, type ImageRow } from './image-table.js';
import { MetaTable, type Meta } from './meta-table.js';
import { RegionTable } from './region-table.js';
import { NodeTable } from './node-table.js';
import { guarded } from './store-errors.js';
import { openStoreFile } from './store-file.js';
import type * as port from './store.js';
import { TextTable, textFieldsOf } from './text-table.js';
import { storeFaults } from './verify-store.js';
import { deleteImage, patchImage, putImage, type Tables } from './write-image.js';

const MAX_IDS_BY_CONTENT = 100;

/** Entries that one call of {@link SqliteStore.pruneLog} forgets at most, so that reads are not held up for long. */
const PRUNE_SLICE = 5000;

/**
 * The store of one collection, synchronous: what its worker thread runs. Methods mean what the port says, see store.ts.
 */
export class SqliteStore {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #tables: Tables;
  readonly #metaTable: MetaTable;
  readonly #meta: Meta;

  constructor(options: port.StoreOptions) {
    this.#file = options.file;
    this.#db = openStoreFile(options);
    this.#metaTable = new MetaTable(this.#db, this.#file);
    this.#meta = guarded(this.#file, () => this.#metaTable.read());
    this.#tables = {
      meta: this.#meta,
      nodes: new NodeTable(this.#db, this.#file, this.#meta.dimension),
      images: new ImageTable(this.#db, this.#file),
      texts: new TextTable(this.#db, textFieldsOf(this.#meta.config)),
      changes: new ChangeLog(this.#db, this.#file),
      regions: new RegionTable(this.#db, this.#file),
    };
  }

  /**
   * Runs writes (calls of put, patchMetadata, delete) in one transaction with one fsync. One that throws undoes itself
   * alone; if the transaction fails as a whole, so do all.
   */
  commitTogether(writes: readonly (() => unknown)[]): PromiseSettledResult<unknown>[] {
    try {
      return this.#transaction(() => writes.map((write) => this.#settled(write)));
    } catch (reason) {
      return writes.map(() => ({ status: 'rejected', reason }));
    }
  }

  put(write: port.ImageWrite): port.Commit & { outcome: port.PutOutcome; record: ImageRecord } {
    return this.#transaction(() => putImage(this.#tables, write));
  }

  patchMetadata(id: string, patch: Metadata): port.Commit & { record: ImageRecord } {
    return this.#transaction(() => patchImage(this.#tables, this.#row(id), patch));
  }

  delete(id: string): port.Commit {
    return this.#transaction(() => deleteImage(this.#tables, this.#row(id)));
  }

  info(): port.StoreInfo {
    const { name, fingerprint, dimension, config, sequence, logStart, createdAt } = this.#meta;
    const nodes = this.#read((tables) => tables.nodes.count());
    const made = { name, fingerprint, dimension, config: JSON.parse(config) as Json, createdAt };
    return { ...made, images: this.count(), nodes, sequence, logStart };
  }

  get(id: string): ImageRecord {
    return toRecord(this.#row(id));
  }

  getMany(ids: readonly string[]): ImageRecord[] {
    return this.#read(({ images }) => ids.flatMap((id) => images.find(id) ?? [])).map(toRecord);
  }

  list({ after = '', limit, filter = {} }: { after?: string; limit: number; filter?: Filter }): ImageRecord[] {
    const { sql, parameters } = compileFilter(filter);
    return this.#select(`WHERE id > ? AND ${sql} ORDER BY id LIMIT ?`, [after, ...parameters, limit]).map(toRecord);
  }

  count(filter: Filter = {}): number {
    const { sql, parameters } = compileFilter(filter);
    return this.#read(({ images }) => images.values<number>('count(*)', `WHERE ${sql}`, parameters))[0]!;
  }

  descriptorOf(id: string): { node: number; vector: Float32Array } {
    const { node } = this.#row(id);
    return { node, vector: this.#vector(node) };
  }

  descriptorByContent(contentHash: string): port.ContentDescriptor | undefined {
    const [row] = this.#select('WHERE contentHash = ? ORDER BY perceptualHash IS NULL LIMIT 1', [contentHash]);
    if (row === undefined) return undefined;
    const { width, height, format, perceptualHash } = row;
    const regions = this.#regions(row);
    const facts = { width, height, format, perceptualHash: perceptualHash ?? undefined };
    return { vector: this.#vector(row.node), ...facts, ...(regions.length === 0 ? {} : { regions }) };
  }

  regionsOf(wanted: readonly Pick<ImageRecord, 'id' | 'contentHash'>[]): port.ImageRegion[][] {
    return wanted.map(({ id, contentHash }) => {
      const row = this.#read(({ images }) => images.find(id));
      return row?.contentHash === contentHash ? this.#regions(row) : [];
    });
  }

  fillPerceptualHashes(hashes: readonly { contentHash: string; perceptualHash: string }[]): number {
    return this.#transaction(() => {
      const { images } = this.#tables;
      const filled = hashes.flatMap(({ contentHash, perceptualHash }) => {
        const labels = images.values<number>('label', 'WHERE contentHash = ?', [contentHash]);
        const without = labels.filter((label) => !images.hasHash(label));
        without.forEach((label) => images.writeHash(label, perceptualHash));
        return without;
      });
      return filled.length;
    });
  }

  idsByContent(contentHashes: readonly string[]): Record<string, string[]> {
    const clause = `WHERE contentHash = ? ORDER BY id LIMIT ${MAX_IDS_BY_CONTENT}`;
    const groups = contentHashes.map((hash) => [hash, this.#select(clause, [hash]).map(({ id }) => id)] as const);
    return Object.fromEntries(groups.filter(([, ids]) => ids.length > 0));
  }

  imagesOfNodes(
    nodes: Uint32Array,
    { filter = {}, limitPerNode = -1 }: { filter?: Filter; limitPerNode?: number } = {},
  ): port.NodeImages[] {
    const condition = compileFilter(filter);
    const rows = this.#read(({ images }) => images.ofNodes(nodes, condition, limitPerNode));
    const images = groupBy(rows, ({ node }) => node);
    const parts = this.#parts(nodes, condition, limitPerNode);
    return [...new Set(nodes)].flatMap((node) => {
      const [whole = [], part] = [images.get(node), parts.get(node)];
      if (whole.length === 0 && part === undefined) return [];
      return { node, images: whole.map(toRecord), ...(part === undefined ? {} : { parts: part }) };
    });
  }

  nodesMatching(filter: Filter, limit: number): { nodes: Uint32Array; complete: boolean } {
    const { sql, parameters } = compileFilter(filter);
    const clause = `WHERE ${sql}
      UNION SELECT regions.node FROM regions JOIN images USING (label) WHERE ${sql} LIMIT ?`;
    const found = this.#read(({ images }) =>
      images.values<number>('images.node', clause, [...parameters, ...parameters, limit + 1]),
    );
    return { nodes: Uint32Array.from(found.slice(0, limit)), complete: found.length <= limit };
  }

  searchText(text: string, { filter = {}, limit }: { filter?: Filter; limit: number }): port.TextMatch[] {
    return this.#read(({ texts, images }) => {
      if (!texts.isUsed) throw withoutText(this.#meta.name);
      const ranks = texts.search(text, compileFilter(filter), limit);
      const rows = new Map(images.ofLabels(ranks.map(({ label }) => label)).map((row) => [row.label, row]));
      return ranks.flatMap(({ label, relevance }) => {
        const row = rows.get(label);
        return row === undefined ? [] : [{ record: toRecord(row), node: row.node, relevance }];
      });
    });
  }

  textFaults(): string[] {
    return this.#read(({ texts, images }) => texts.faults(images));
  }

  rebuildText(): void {
    this.#transaction(() => this.#tables.texts.rebuild(this.#tables.images));
  }

  nodePage(after: number, limit: number): port.NodePage {
    return this.#read(({ nodes }) => nodes.page(after, limit));
  }

  nodeVectors(nodes: Uint32Array): port.NodePage {
    return this.#read((tables) => tables.nodes.pageOf(nodes));
  }

  imagePage(after: number, limit: number, every = 1): port.ImagePage {
    const rows = this.#select('WHERE label > ? AND label % ? = 0 ORDER BY label LIMIT ?', [after, every, limit]);
    const nodes = Uint32Array.from(rows, ({ node }) => node);
    const vectors = this.#read((tables) => tables.nodes.vectorsOf(nodes));
    const page = { records: rows.map(toRecord), nodes, vectors };
    return rows.length < limit ? page : { ...page, next: rows.at(-1)!.label };
  }

  fields(sample: number): { images: number; sampled: number; fields: FieldFacts[] } {
    const images = this.count();
    const rows = this.#select('WHERE label % ? = 0', [Math.max(1, Math.ceil(images / sample))]);
    return { images, sampled: rows.length, fields: fieldFacts(rows.map((row) => toRecord(row).metadata)) };
  }

  changesSince(sequence: number, limit: number): port.Change[] {
    return this.#read(({ changes, meta }) => changes.since(sequence, limit, meta));
  }

  /** Forgets a slice of the log. @returns whether all up to `sequence` is forgotten; if not, call again. */
  pruneLog(sequence: number): boolean {
    const wanted = Math.min(sequence, this.#meta.sequence);
    const through = Math.min(wanted, this.#meta.logStart + PRUNE_SLICE);
    if (through <= this.#meta.logStart) return true;
    this.#transaction(() => {
      this.#tables.changes.deleteThrough(through);
      this.#meta.logStart = through;
    });
    return through === wanted;
  }

  keptContentHashes(): string[] {
    return this.#read(({ images }) => images.keptContentHashes());
  }

  verify(): string[] {
    return this.#read((tables) => storeFaults(this.#db, this.#file, tables));
  }

  close(): void {
    this.#db.close();
  }

  #row(id: string): ImageRow {
    const row = this.#read(({ images }) => images.find(id));
    if (row !== undefined) return row;
    throw new LikenessError('image_not_found', `no image ${JSON.stringify(id)} in collection ${this.#meta.name}`, {
      details: { id, collection: this.#meta.name },
    });
  }

  #vector(node: number): Float32Array {
    return this.#read(({ nodes }) => nodes.vectorsOf(Uint32Array.of(node)));
  }

  #regions({ label }: ImageRow): port.ImageRegion[] {
    const rows = this.#read(({ regions }) => regions.of(label));
    return rows.map(({ node, x, y, width, height }) => ({
      box: { x, y, width, height },
      descriptor: this.#vector(node),
    }));
  }

  /** @returns by node the images of which a region has it. */
  #parts(nodes: Uint32Array, condition: SqlCondition, limitPerNode: number) {
    const rows = this.#read(({ regions }) => regions.ofNodes(nodes, condition, limitPerNode));
    const labels = [...new Set(rows.map(({ label }) => label))];
    const clause = 'WHERE label IN (SELECT value FROM json_each(?))';
    const images = labels.length === 0 ? [] : this.#select(clause, [JSON.stringify(labels)]);
    const records = new Map(images.map((image) => [image.label, toRecord(image)]));
    const parts = rows.map(({ label, node, x, y, width, height }) => ({
      node,
      part: { record: records.get(label)!, box: { x, y, width, height } },
    }));
    const groups = groupBy(parts, ({ node }) => node);
    return new Map(Array.from(groups, ([node, group]) => [node, group.map(({ part }) => part)] as const));
  }

  #select(clause: string, parameters: readonly (string | number)[]): ImageRow[] {
    return this.#read(({ images }) => images.select(clause, parameters));
  }

  #read<T>(work: (tables: Tables) => T): T {
    return guarded(this.#file, () => work(this.#tables));
  }

  /** A transaction, or within one a savepoint; if it fails, the counters go back too. */
  #transaction<T>(work: () => T): T {
    const before = { ...this.#meta };
    try {
      return guarded(this.#file, () =>
        this.#db
          .transaction(() => {
            const result = work();
            this.#metaTable.write(this.#meta);
            return result;
          })
          .immediate(),
      );
    } catch (error) {
      Object.assign(this.#meta, before);
      throw error;
    }
  }

  /** A full disk may end the whole transaction, and then no further write may run outside of it. */
  #settled(write: () => unknown): PromiseSettledResult<unknown> {
    try {
      return { status: 'fulfilled', value: write() };
    } catch (reason) {
      if (!this.#db.inTransaction) throw reason;
      return { status: 'rejected', reason };
    }
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function withoutText(collection: string): LikenessError {
  const message = `expected a collection with textFields to search by text, got ${collection}, which has none`;
  return new LikenessError('invalid_request', message, { details: { collection } });
}
