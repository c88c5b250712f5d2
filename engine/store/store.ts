import type { FieldFacts } from './field-facts.js';
import type { ImageRecord, ImageSource, Json, Metadata, Region } from '../types.js';
import type { Filter } from './filter.js';

/** A part of an image with a descriptor of its own. */
export interface ImageRegion {
  /** In oriented pixels, whole ones. */
  box: Region;
  descriptor: Float32Array;
}

/** All that the store must know to commit one image. */
export interface ImageWrite {
  id: string;
  contentHash: string;
  width: number;
  height: number;
  format: string;
  bytes: number;
  /** Without one, an image that showed the same picture before keeps its own. */
  perceptualHash?: string | undefined;
  metadata: Metadata;
  source: ImageSource;
  /** The unit descriptor; its float32 bytes name the node (one node per distinct descriptor). */
  descriptor: Float32Array;
  /** Parts that can be found by themselves, each a node too; none if not given. */
  regions?: ImageRegion[] | undefined;
  /** The times of an image that is copied from elsewhere (import, re-embedding); else the store's clock. */
  createdAt?: string;
  updatedAt?: string;
}

/** A committed write, with what it did to the graph's nodes. Answers come in commit order. */
export interface Commit {
  sequence: number;
  /** A node that this commit made, with its vector, for the index. */
  putNode?: { node: number; vector: Float32Array };
  /** A node whose last image or region went in this commit. */
  deletedNode?: number;
  /** Further nodes that this commit made and deleted, where images have regions. */
  regionNodes?: { put: { node: number; vector: Float32Array }[]; deleted: number[] };
  /** A content hash that no image with a kept original (source other than a file) has any more since this commit. */
  unusedContent?: string;
}

/** `unchanged`: picture, metadata and descriptor were stored so already (its source may have been brought up to date). */
export type PutOutcome = 'added' | 'replaced' | 'unchanged';

/** Nodes with their vectors [nodes.length, dimension] row-major. */
export interface NodePage {
  nodes: Uint32Array;
  vectors: Float32Array;
}

/** Images in the order in which they were first added, with their descriptors [records.length, dimension] row-major. */
export interface ImagePage {
  records: ImageRecord[];
  nodes: Uint32Array;
  vectors: Float32Array;
  /** What to pass as `after` for the page that follows; absent on the last page. */
  next?: number;
}

/** One entry of the change log; there is exactly one for each sequence. */
export interface Change {
  sequence: number;
  /** What happened to the image: written (picture, metadata or source), or deleted. */
  op: 'put' | 'delete';
  id: string;
  /** A node that this commit made. It may have been deleted since, by a later entry. */
  putNode?: number;
  /** A node whose last image or region went in this commit. */
  deletedNode?: number;
  /** Further nodes that this commit made, which may have been deleted since, and deleted. */
  regionNodes?: { put: number[]; deleted: number[] };
}

export interface StoreInfo {
  name: string;
  fingerprint: string;
  dimension: number;
  /** The collection's config as it was made, see collectionConfigSchema. */
  config: Json;
  images: number;
  nodes: number;
  sequence: number;
  /** Changes are logged for sequences above this one. */
  logStart: number;
  createdAt: string;
}

/**
 * The truth of one collection: images, descriptors, metadata, change log, in one SQLite file owned by a worker thread.
 * Every write is durable (fsync) before its promise resolves; concurrent writes share a commit, but each has a sequence
 * of its own and fails alone. Ids are ordered by code point. Any call may throw `store_corrupt` (what was read cannot be
 * what was written); a write may throw `disk_full`, after which the store goes on.
 */
export interface Store {
  info(): Promise<StoreInfo>;
  /**
   * Adds or replaces; an image keeps its createdAt and its place in imagePage. One stored just so already is `unchanged`:
   * nothing is written, and the sequence is that of the commit that wrote it.
   * @throws `dimension_mismatch`; `invalid_descriptor` if it is not finite and of length 1
   */
  put(write: ImageWrite): Promise<Commit & { outcome: PutOutcome; record: ImageRecord }>;
  /**
   * Merges the patch into the metadata (RFC 7396: null removes a field); nothing is written if that changes nothing.
   * @throws `image_not_found`; `invalid_request` if the metadata would become too large
   */
  patchMetadata(id: string, patch: Metadata): Promise<Commit & { record: ImageRecord }>;
  /** @throws `image_not_found` */
  delete(id: string): Promise<Commit>;
  /** @throws `image_not_found` */
  get(id: string): Promise<ImageRecord>;
  /** Those of the ids that are stored, in the order asked. */
  getMany(ids: string[]): Promise<ImageRecord[]>;
  /**
   * The images whose text has any of the words, best first by BM25, ties by id; with a filter only those that match. The
   * text of an image is that of the config's textFields, without regard to case and accents.
   * @throws `invalid_request` if the config names no fields
   */
  searchText(text: string, options: { filter?: Filter; limit: number }): Promise<TextMatch[]>;
  /** Where what searchText looks at is not what the metadata says; faults, empty if sound. */
  textFaults(): Promise<string[]>;
  /** Makes what searchText looks at anew from the metadata. */
  rebuildText(): Promise<void>;
  /** In order of id. `after` is the last id of the page before. */
  list(page: { after?: string; limit: number; filter?: Filter }): Promise<ImageRecord[]>;
  count(filter?: Filter): Promise<number>;
  /** The stored descriptor of an image, with its node. @throws `image_not_found` */
  descriptorOf(id: string): Promise<{ node: number; vector: Float32Array }>;
  /** The regions of each image, in the order asked; none of one that does not show that content any more. */
  regionsOf(images: Pick<ImageRecord, 'id' | 'contentHash'>[]): Promise<ImageRegion[][]>;
  /** The descriptor stored for a picture with these bytes, if any image of the collection has it. */
  descriptorByContent(contentHash: string): Promise<ContentDescriptor | undefined>;
  /**
   * Gives perceptual hashes to images that have none, by the hash of their bytes; nothing else of them changes, nor does the
   * sequence. @returns how many images got one
   */
  fillPerceptualHashes(hashes: { contentHash: string; perceptualHash: string }[]): Promise<number>;
  /** For each hash, the ids that have it (the first 100 in order of id); hashes that nobody has are left out. */
  idsByContent(contentHashes: string[]): Promise<Record<string, string[]>>;
  /**
   * The images of each node, by rising id, at most `limitPerNode` of each; with a filter only those that match; likewise
   * the images that have the node as a region. Nodes without either are passed over; the rest keep their order.
   */
  imagesOfNodes(nodes: Uint32Array, options?: { filter?: Filter; limitPerNode?: number }): Promise<NodeImages[]>;
  /** Nodes of matching images and of their regions, at most `limit` of them; complete: there are no others. */
  nodesMatching(filter: Filter, limit: number): Promise<{ nodes: Uint32Array; complete: boolean }>;
  /** Nodes above `after` in rising order, for a rebuild; 0 is before the first. */
  nodePage(after: number, limit: number): Promise<NodePage>;
  /** Vectors of those of the nodes that still exist, in the order asked. */
  nodeVectors(nodes: Uint32Array): Promise<NodePage>;
  /**
   * Images with descriptors, for export and re-embedding; `after` is 0, then the `next` of the page before. With `every`,
   * about one in so many, spread over all.
   */
  imagePage(after: number, limit: number, every?: number): Promise<ImagePage>;
  /** What the metadata hold, counted over about `sample` images that are spread over all. */
  fields(sample: number): Promise<{ images: number; sampled: number; fields: FieldFacts[] }>;
  /**
   * The log above `sequence`, oldest first; empty when there is nothing newer. The last entry's sequence is what the
   * caller has caught up to. @throws `store_corrupt` if the log no longer reaches back that far
   */
  changesSince(sequence: number, limit: number): Promise<Change[]>;
  /** Forgets the log up to and including `sequence` (of the oldest generation that is kept). */
  pruneLog(sequence: number): Promise<void>;
  /** Distinct content hashes of images whose source is not a file, i.e. whose originals the collection keeps. */
  keptContentHashes(): Promise<string[]>;
  /** SQLite's own check, plus row checksums, descriptors (length, norm, hash) and references; faults, empty if sound. */
  verify(): Promise<string[]>;
  /** Folds the write-ahead log into the file and closes. Writes already asked for are committed first. */
  close(): Promise<void>;
}

/** A stored descriptor, with what was learnt when its picture was decoded. */
export interface ContentDescriptor {
  vector: Float32Array;
  width: number;
  height: number;
  format: string;
  perceptualHash?: string | undefined;
  /** Absent if it has none. */
  regions?: ImageRegion[];
}

/** An image that a search by words found. relevance is the negated BM25 of SQLite: above 0, higher is better. */
export interface TextMatch {
  record: ImageRecord;
  node: number;
  relevance: number;
}

export interface NodeImages {
  node: number;
  images: ImageRecord[];
  /** Images of which a region has the node, and where it is: the first of each image; absent if there are none. */
  parts?: { record: ImageRecord; box: Region }[];
}

/** Where a store lives, and what is expected of it. */
export interface StoreOptions {
  file: string;
  /** Makes the file first. @throws `collection_exists` if it is there */
  create?: StoreCreation;
  /** @throws `fingerprint_mismatch` if the store has another */
  expectFingerprint?: string;
}

export interface StoreCreation {
  name: string;
  fingerprint: string;
  dimension: number;
  config: Json;
  /** Sequence to count on from, default 0: a store that takes another's place starts above it, so that it never falls. */
  sequence?: number;
}
