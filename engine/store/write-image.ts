import { isDeepStrictEqual } from 'node:util';
import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import { metadataSchema, type ImageRecord, type Json, type Metadata } from '../types.js';
import type { ChangeLog } from './change-log.js';
import { isKept, toRecord, type ImageRow, type ImageTable } from './image-table.js';
import { mergePatch } from './merge-patch.js';
import { MAX_NODE, type Meta } from './meta-table.js';
import { NORM_TOLERANCE, normError, type NodeTable } from './node-table.js';
import type { RegionRow, RegionTable } from './region-table.js';
import type { Change, Commit, ImageRegion, ImageWrite, PutOutcome } from './store.js';
import type { TextTable } from './text-table.js';

/** The tables of one store, and its counters, which each write moves on. */
export interface Tables {
  meta: Meta;
  nodes: NodeTable;
  images: ImageTable;
  texts: TextTable;
  changes: ChangeLog;
  regions: RegionTable;
}

type NodeVector = NonNullable<Commit['putNode']>;

/** Adds or replaces one image, within the running transaction; see Store.put. */
export function putImage(tables: Tables, write: ImageWrite): Commit & { outcome: PutOutcome; record: ImageRecord } {
  const vectors = [write.descriptor, ...(write.regions ?? []).map(({ descriptor }) => descriptor)];
  for (const vector of vectors) assertDescriptor(vector, tables.meta.dimension);
  const stored = tables.images.find(write.id);
  const before = stored === undefined ? [] : tables.regions.of(stored.label);
  const known = tables.nodes.find(write.descriptor);
  const hasRegions = hasSameRegions(tables, write, before);
  const row = rowOf(write, stored, {
    node: known ?? tables.meta.lastNode + 1,
    sequence: tables.meta.sequence + 1,
    hasRegions,
  });
  const outcome = outcomeOf(row, stored, hasRegions);
  if (stored !== undefined && hasRegions && isDeepStrictEqual({ ...row, sequence: stored.sequence }, stored)) {
    return { sequence: stored.sequence, outcome, record: toRecord(stored) };
  }
  const { nodes, put } = placeNodes(tables, vectors);
  tables.images.write(row);
  tables.texts.write(row);
  tables.regions.replace(row.label, regionRows(row.label, write.regions ?? [], nodes.slice(1)));
  const left = leave(tables, stored, before);
  const changed = nodeChanges(row.node, put, stored?.node, left.deleted);
  const { sequence } = logChange(tables, { op: 'put', id: row.id, ...loggedNodes(changed) });
  return { sequence, ...changed, ...left.content, outcome, record: toRecord(row) };
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
  tables.texts.write(row);
  return { sequence, record: toRecord(row) };
}

/** Deletes a stored image with its regions, and nodes that it was the last of; see Store.delete. */
export function deleteImage(tables: Tables, stored: ImageRow): Commit {
  const before = tables.regions.of(stored.label);
  tables.images.delete(stored.label);
  tables.texts.delete(stored.label);
  const left = leave(tables, stored, before);
  const changed = nodeChanges(undefined, [], stored.node, left.deleted);
  const { sequence } = logChange(tables, { op: 'delete', id: stored.id, ...loggedNodes(changed) });
  return { sequence, ...changed, ...left.content };
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
function rowOf(
  write: ImageWrite,
  stored: ImageRow | undefined,
  { node, sequence, hasRegions }: { node: number; sequence: number; hasRegions: boolean },
): ImageRow {
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
  const updatedAt = outcomeOf(row, stored, hasRegions) === 'unchanged' ? stored!.updatedAt : now;
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

/** @param hasRegions whether the stored image has the regions that are written. */
function outcomeOf(row: ImageRow, stored: ImageRow | undefined, hasRegions: boolean): PutOutcome {
  if (stored === undefined) return 'added';
  const { contentHash, node, metadata } = stored;
  const isSame = row.contentHash === contentHash && row.node === node && row.metadata === metadata && hasRegions;
  return isSame ? 'unchanged' : 'replaced';
}

function hasSameRegions({ nodes }: Tables, { regions = [] }: ImageWrite, stored: readonly RegionRow[]): boolean {
  if (regions.length !== stored.length) return false;
  return regions.every(({ box, descriptor }, i) => {
    const { x, y, width, height, node } = stored[i]!;
    return isDeepStrictEqual({ ...box }, { x, y, width, height }) && nodes.find(descriptor) === node;
  });
}

function regionRows(label: number, regions: readonly ImageRegion[], nodes: readonly number[]): RegionRow[] {
  return regions.map(({ box: { x, y, width, height } }, place) => ({
    ...{ label, place, node: nodes[place]! },
    ...{ x, y, width, height },
  }));
}

/** @returns the node of each vector, made where there was none, and those that were made. */
function placeNodes(tables: Tables, vectors: readonly Float32Array[]): { nodes: number[]; put: NodeVector[] } {
  const put: NodeVector[] = [];
  const nodes = vectors.map((vector) => {
    // asked anew each time: two regions of one write may be alike
    const known = tables.nodes.find(vector);
    if (known !== undefined) return known;
    const node = addNode(tables, vector);
    put.push({ node, vector });
    return node;
  });
  return { nodes, put };
}

function addNode({ nodes, meta }: Tables, vector: Float32Array): number {
  const node = meta.lastNode + 1;
  if (node > MAX_NODE) throw new LikenessError('internal', `expected nodes up to ${MAX_NODE}, all are used up`);
  nodes.insert(node, vector);
  meta.lastNode = node;
  return node;
}

interface Left {
  /** Nodes that nobody has any more. */
  deleted: number[];
  content: Pick<Commit, 'unusedContent'>;
}

/** What an image no longer is: drops its nodes if nobody else has them, and tells content that nobody keeps any more. */
function leave({ images, regions, nodes }: Tables, old: ImageRow | undefined, oldRegions: readonly RegionRow[]): Left {
  if (old === undefined) return { deleted: [], content: {} };
  const had = new Set([old.node, ...oldRegions.map(({ node }) => node)]);
  const deleted = [...had].filter((node) => !images.usesNode(node) && !regions.usesNode(node));
  deleted.forEach((node) => nodes.delete(node));
  const isContentUsed = isKept(old) ? images.keepsContent(old.contentHash) : true;
  return { deleted, content: isContentUsed ? {} : { unusedContent: old.contentHash } };
}

type NodesOfCommit = Pick<Commit, 'putNode' | 'deletedNode' | 'regionNodes'>;

/** Tells the nodes of whole images from those of regions. */
function nodeChanges(
  newNode: number | undefined,
  put: readonly NodeVector[],
  oldNode: number | undefined,
  deleted: readonly number[],
): NodesOfCommit {
  const putNode = put.find(({ node }) => node === newNode);
  const deletedNode = deleted.find((node) => node === oldNode);
  const regionNodes = {
    put: put.filter((it) => it !== putNode),
    deleted: deleted.filter((node) => node !== deletedNode),
  };
  const hasMore = regionNodes.put.length + regionNodes.deleted.length > 0;
  return { ...pickDefined({ putNode, deletedNode }, ['putNode', 'deletedNode']), ...(hasMore ? { regionNodes } : {}) };
}

function loggedNodes({ putNode, deletedNode, regionNodes }: NodesOfCommit): Omit<Change, 'sequence' | 'op' | 'id'> {
  return {
    ...(putNode === undefined ? {} : { putNode: putNode.node }),
    ...(deletedNode === undefined ? {} : { deletedNode }),
    ...(regionNodes === undefined
      ? {}
      : { regionNodes: { ...regionNodes, put: regionNodes.put.map(({ node }) => node) } }),
  };
}

function logChange({ changes, meta }: Tables, change: Omit<Change, 'sequence'>): Change {
  meta.sequence += 1;
  const logged = { sequence: meta.sequence, ...change };
  changes.append(logged);
  return logged;
}
