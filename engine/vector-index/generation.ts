import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { readChecked, syncAndHash, writeChecked } from './checked-file.js';
import {
  decodeManifest,
  encodeManifest,
  type FileEntry,
  type GenerationManifest,
  type IndexIdentity,
} from './generation-manifest.js';
import { graphFileFault } from './graph-layout.js';
import { HnswGraph } from './hnsw-graph.js';
import type { IndexSnapshot } from './index-core.js';
import { VectorTable } from './vector-table.js';

/** The files of a generation. Numbers are little-endian, as on every platform that the native packages run on. */
const MANIFEST = 'generation.json';
const VECTORS = 'vectors.f32';
const NODES = 'nodes.u32';
const TOMBSTONES = 'tombstones.u32';
const GRAPH = 'graph.hnsw';

const ROWS_AT_ONCE = 256;

/** What a generation held: the table's first graphRows rows are in the graph. */
export interface LoadedGeneration {
  sequence: number;
  table: VectorTable;
  graphRows: number;
  /** Deleted nodes that the graph still holds. */
  tombstones: Uint32Array;
  graph?: HnswGraph;
}

/**
 * Writes every file of a generation into an empty folder, each fsynced.
 * @throws `disk_full` if the graph's file is not whole: the library reports no failed write.
 */
export async function writeGeneration(folder: string, identity: IndexIdentity, snapshot: IndexSnapshot): Promise<void> {
  const { sequence, table, liveRows, graph } = snapshot;
  const tombstones = graph?.tombstones ?? new Uint32Array();
  const files: Record<string, FileEntry> = {};
  // first, while the graph is as it was when the snapshot was taken
  if (graph !== undefined) files[GRAPH] = await writeGraph(join(folder, GRAPH), identity, graph);
  files[NODES] = await writeChecked(join(folder, NODES), [asBytes(liveRows.map((row) => table.nodeOf(row)))]);
  files[VECTORS] = await writeChecked(join(folder, VECTORS), vectorChunks(table, liveRows));
  files[TOMBSTONES] = await writeChecked(join(folder, TOMBSTONES), [asBytes(tombstones)]);
  const manifest: GenerationManifest = {
    magic: 'likeness-generation',
    formatVersion: 1,
    metric: 'cosine',
    ...identity,
    sequence,
    count: liveRows.length,
    graphRows: (graph?.count ?? 0) - tombstones.length,
    tombstones: tombstones.length,
    files,
  };
  await writeChecked(join(folder, MANIFEST), [Buffer.from(encodeManifest(manifest))]);
}

/**
 * Reads a generation, and checks all of it before hnswlib sees any of it.
 * @throws `generation_corrupt` naming the file and its fault, or that the generation belongs to another index.
 */
export function readGeneration(folder: string, identity: IndexIdentity): LoadedGeneration {
  const manifest = readManifest(folder, identity);
  const nodes = readNumbers(folder, NODES, manifest, manifest.count);
  const tombstones = readNumbers(folder, TOMBSTONES, manifest, manifest.tombstones);
  const table = readTable(folder, manifest, nodes);
  for (const node of tombstones) table.markDeleted(node);
  const graph = readGraph(folder, manifest);
  const { sequence, graphRows } = manifest;
  return { sequence, table, graphRows, tombstones, ...(graph === undefined ? {} : { graph }) };
}

async function writeGraph(
  path: string,
  identity: IndexIdentity,
  graph: NonNullable<IndexSnapshot['graph']>,
): Promise<FileEntry> {
  await graph.write(path);
  const fault = graphFileFault(path, { ...identity, count: graph.count });
  if (fault === undefined) return syncAndHash(path);
  throw new LikenessError('disk_full', `${path} was not written whole (${fault}); most likely the disk is full`);
}

function* vectorChunks(table: VectorTable, rows: Uint32Array): Generator<Uint8Array> {
  const chunk = new Float32Array(ROWS_AT_ONCE * table.dimension);
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = rows.subarray(start, start + ROWS_AT_ONCE);
    some.forEach((row, i) => chunk.set(table.vector(row), i * table.dimension));
    yield asBytes(chunk.subarray(0, some.length * table.dimension));
  }
}

function readManifest(folder: string, identity: IndexIdentity): GenerationManifest {
  const manifest = decodeManifest(orMissing(folder, MANIFEST, () => readFileSync(join(folder, MANIFEST), 'utf8')));
  if (typeof manifest === 'string') throw corrupt(folder, MANIFEST, manifest);
  for (const name of Object.keys(identity) as (keyof IndexIdentity)[]) {
    if (manifest[name] === identity[name]) continue;
    throw corrupt(folder, MANIFEST, `expected ${name} ${identity[name]}, got ${manifest[name]}`);
  }
  return manifest;
}

function readNumbers(folder: string, file: string, manifest: GenerationManifest, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  const bytes = new Uint8Array(numbers.buffer);
  let at = 0;
  readFile(folder, file, manifest, bytes.length, 1 << 20, (piece) => {
    bytes.set(piece, at);
    at += piece.length;
  });
  return numbers;
}

function readTable(folder: string, manifest: GenerationManifest, nodes: Uint32Array): VectorTable {
  const { dimension, count } = manifest;
  const table = new VectorTable(dimension);
  const rowBytes = dimension * Float32Array.BYTES_PER_ELEMENT;
  const rows = new Float32Array(ROWS_AT_ONCE * dimension);
  readFile(folder, VECTORS, manifest, count * rowBytes, ROWS_AT_ONCE * rowBytes, (piece) => {
    asBytes(rows).set(piece);
    for (let i = 0; i * rowBytes < piece.length; i++) {
      table.add(nodes[table.rows]!, rows.subarray(i * dimension, (i + 1) * dimension));
    }
  });
  return table;
}

function readGraph(folder: string, manifest: GenerationManifest): HnswGraph | undefined {
  const count = manifest.graphRows + manifest.tombstones;
  if (count === 0) return undefined;
  readFile(folder, GRAPH, manifest, undefined, 1 << 20);
  const fault = graphFileFault(join(folder, GRAPH), { ...manifest, count });
  if (fault !== undefined) throw corrupt(folder, GRAPH, fault);
  return HnswGraph.load(join(folder, GRAPH), manifest.dimension);
}

/** Reads one file of the manifest; size and hash must be as it says. */
function readFile(
  folder: string,
  file: string,
  manifest: GenerationManifest,
  expectedBytes: number | undefined,
  pieceBytes: number,
  onPiece?: (piece: Buffer) => void,
): void {
  const entry = manifest.files[file];
  if (entry === undefined) throw corrupt(folder, MANIFEST, `expected an entry for ${file}, got none`);
  const path = join(folder, file);
  const bytes = orMissing(folder, file, () => statSync(path).size);
  for (const expected of [entry.bytes, expectedBytes ?? entry.bytes]) {
    if (bytes !== expected) throw corrupt(folder, file, `expected ${expected} bytes, got ${bytes}`);
  }
  const { sha256 } = readChecked(path, pieceBytes, onPiece);
  if (sha256 !== entry.sha256) throw corrupt(folder, file, `expected SHA-256 ${entry.sha256}, got ${sha256}`);
}

function orMissing<T>(folder: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw corrupt(folder, file, 'expected a file, got none');
    throw error;
  }
}

function corrupt(folder: string, file: string, fault: string): LikenessError {
  return new LikenessError('generation_corrupt', `${join(folder, file)}: ${fault}`, { details: { file } });
}

function asBytes(array: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
