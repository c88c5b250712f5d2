import { isDeepStrictEqual } from 'node:util';
import { LikenessError } from '../errors.js';
import { metadataSchema, type ImageRecord, type Json, type Metadata } from '../types.js';
import type { ChangeLog } from './change-log.js';
import { isKept, toRecord, type ImageRow, type ImageTable } from './image-table.js';
import { mergePatch } from './merge-patch.js';
import { MAX_NODE, type Meta } from './meta-table.js';
import { NORM_TOLERANCE, normError, type NodeTable } from './node-table.js';
import type { Change, Commit, ImageWrite, PutOutcome } from './store.js';

/** The tables of one store, and its counters, which each write moves on. */
export interface Tables {
  meta: Meta;
  nodes: NodeTable;
  images: ImageTable;
  changes: ChangeLog;
}

/** Adds or replaces one image, within the running transaction; see Store.put. */
export function putImage(tables: Tables, write: ImageWrite): Commit & { outcome: PutOutcome; record: ImageRecord } {
  assertDescriptor(write.descriptor, tables.meta.dimension);
  const stored = tables.images.find(write.id);
  const known = tables.nodes.find(write.descriptor);
  const row = rowOf(write, stored, known ?? tables.meta.lastNode + 1, tables.meta.sequence + 1);
  const outcome = outcomeOf(row, stored);
  if (stored !== undefined && isDeepStrictEqual({ ...row, sequence: stored.sequence }, stored)) {
    return { sequence: stored.sequence, outcome, record: toRecord(stored) };
  }
  const putNode = known === undefined ? addNode(tables, row.node, write.descriptor) : {};
  tables.images.write(row);
  const left = leave(tables, stored);
  const { sequence } = logChange(tables, { op: 'put', id: row.id, ...putNode, ...pickNode(left) });
  const made = known === undefined ? { putNode: { node: row.node, vector: write.descriptor } } : {};
  return { sequence, ...made, ...left, outcome, record: toRecord(row) };
}

/** Merges a patch into a stored image's metadata; see Store.patchMetadata. */
export function patchImage(tables: Tables, stored: ImageRow, patch: Metadata): Commit & { record: ImageRecord } {
  const merged = metadataSchema.safeParse(mergePatch(JSON.parse(stored.metadata) as Json, patch));
  if (!merged.success) throw new LikenessError('invalid_request', `metadata: ${merged.error.issues[0]!.message}`);
  const metadata = textOf(merged.data, stored.metadata);
  if (metadata === stored.metadata) return { sequence: stored.sequence, record: toRecord(stored) };
  const { sequence } = logChange(tables, { op: 'put', id: stored.id });
  const row = { ...stored, metadata, updatedAt: new Date().toISOString(), sequence };
  tables.images.write(row);
  return { sequence, record: toRecord(row) };
}

/** Deletes a stored image, and its node if it was the last of it; see Store.delete. */
export function deleteImage(tables: Tables, stored: ImageRow): Commit {
  tables.images.delete(stored.label);
  const left = leave(tables, stored);
  const { sequence } = logChange(tables, { op: 'delete', id: stored.id, ...pickNode(left) });
  return { sequence, ...left };
}

/** @throws `dimension_mismatch`, `invalid_descriptor` */
function assertDescriptor(descriptor: Float32Array, dimension: number): void {
  if (descriptor.length !== dimension) {
    const message = `expected a descriptor of ${dimension} values, got ${descriptor.length}`;
    throw new LikenessError('dimension_mismatch', message, {
      details: { expected: dimension, got: descriptor.length },
    });
  }
  const error = normError(descriptor);
  if (error <= NORM_TOLERANCE) return;
  throw new LikenessError('invalid_descriptor', `expected a descriptor of length 1, its length differs by ${error}`);
}

/** A new image is labelled with the sequence that adds it, so labels rise and are never used twice. */
function rowOf(write: ImageWrite, stored: ImageRow | undefined, node: number, sequence: number): ImageRow {
  const { id, contentHash, width, height, format, bytes } = write;
  const metadata = textOf(write.metadata, stored?.metadata);
  const source = textOf(write.source, stored?.source);
  const picture = { label: stored?.label ?? sequence, id, node, contentHash, width, height, format, bytes };
  const now = new Date().toISOString();
  const createdAt = write.createdAt ?? stored?.createdAt ?? now;
  const row = {
    ...picture,
    metadata,
    source,
    createdAt,
    updatedAt: now,
    sequence,
    perceptualHash: hashOf(write, stored),
  };
  const updatedAt = outcomeOf(row, stored) === 'unchanged' ? stored!.updatedAt : now;
  return { ...row, updatedAt: write.updatedAt ?? updatedAt };
}

/** The hash follows from the bytes, so a write that brings none does not take away the one of the same bytes. */
function hashOf({ perceptualHash, contentHash }: ImageWrite, stored: ImageRow | undefined): string | null {
  return perceptualHash ?? (stored?.contentHash === contentHash ? stored.perceptualHash : null);
}

/** @returns JSON text; the stored one if it means the same, whatever the order of its fields. */
function textOf(value: object, stored: string | undefined): string {
  const text = JSON.stringify(value);
  if (stored === undefined || text === stored) return text;
  return isDeepStrictEqual(JSON.parse(text), JSON.parse(stored)) ? stored : text;
}

function outcomeOf(row: ImageRow, stored: ImageRow | undefined): PutOutcome {
  if (stored === undefined) return 'added';
  const { contentHash, node, metadata } = stored;
  return row.contentHash === contentHash && row.node === node && row.metadata === metadata ? 'unchanged' : 'replaced';
}

function addNode({ nodes, meta }: Tables, node: number, vector: Float32Array): { putNode: number } {
  if (node > MAX_NODE) throw new LikenessError('internal', `expected nodes up to ${MAX_NODE}, all are used up`);
  nodes.insert(node, vector);
  meta.lastNode = node;
  return { putNode: node };
}

/** What an image no longer is: drops its node if nobody else has it, and tells content that nobody keeps any more. */
function leave({ images, nodes }: Tables, old: ImageRow | undefined): Pick<Commit, 'deletedNode' | 'unusedContent'> {
  if (old === undefined) return {};
  const isNodeUsed = images.usesNode(old.node);
  if (!isNodeUsed) nodes.delete(old.node);
  const isContentUsed = isKept(old) ? images.keepsContent(old.contentHash) : true;
  return {
    ...(isNodeUsed ? {} : { deletedNode: old.node }),
    ...(isContentUsed ? {} : { unusedContent: old.contentHash }),
  };
}

function pickNode({ deletedNode }: Pick<Commit, 'deletedNode'>): Pick<Change, 'deletedNode'> {
  return deletedNode === undefined ? {} : { deletedNode };
}

function logChange({ changes, meta }: Tables, change: Omit<Change, 'sequence'>): Change {
  meta.sequence += 1;
  const logged = { sequence: meta.sequence, ...change };
  changes.append(logged);
  return logged;
}
