import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** The library's layout of a graph, in memory and in its file (hnswlib 0.8, hnswalg.h: constructor and saveIndex). */

const LABEL_BYTES = 8;
const LINK_BYTES = 4;
/** Count of links before each list of them. */
const LINK_COUNT_BYTES = 4;
/** Pointer to the upper levels, level, mutex, visited tag, and an entry of the label map. */
const BOOKKEEPING_BYTES = 8 + 4 + 40 + 2 + 40;
const HEADER_BYTES = 96;

export interface GraphShape {
  /** Nodes in the graph, deleted ones included. */
  count: number;
  dimension: number;
  M: number;
}

/** Bytes of one node on the ground level: 2M links, vector, label. */
function groundLevelBytes({ dimension, M }: GraphShape): number {
  return LINK_COUNT_BYTES + 2 * M * LINK_BYTES + dimension * Float32Array.BYTES_PER_ELEMENT + LABEL_BYTES;
}

/** Bytes of one node's links on one level above the ground. */
function upperLevelBytes({ M }: GraphShape): number {
  return LINK_COUNT_BYTES + M * LINK_BYTES;
}

/** Estimated bytes that a graph keeps busy; a node is on 1 / (M - 1) upper levels on average. */
export function graphMemoryBytes(shape: GraphShape): number {
  const { count, M } = shape;
  return Math.round(count * (groundLevelBytes(shape) + upperLevelBytes(shape) / (M - 1) + BOOKKEEPING_BYTES));
}

/**
 * Checks a graph's file against the shape that it must have: the header's numbers, then the lists of upper links, which
 * must end exactly where the file ends. Finds a file that was not written whole, since the library does not say so.
 * @returns what is wrong, or undefined.
 */
export function graphFileFault(path: string, shape: GraphShape): string | undefined {
  if (!existsSync(path)) return 'expected a file, got none';
  const file = openSync(path, 'r');
  try {
    const listsStart = HEADER_BYTES + shape.count * groundLevelBytes(shape);
    const { size } = fstatSync(file);
    if (size < listsStart) return `expected at least ${listsStart} bytes, got ${size}`;
    return headerFault(read(file, 0, HEADER_BYTES), shape) ?? listsFault(read(file, listsStart, size), shape);
  } finally {
    closeSync(file);
  }
}

function read(file: number, start: number, end: number): DataView {
  const bytes = new Uint8Array(end - start);
  readSync(file, bytes, 0, bytes.length, start);
  return new DataView(bytes.buffer);
}

/** Header: 64-bit numbers but for two of 32 bits (highest level, entry point) at 48 and 52. */
function headerFault(header: DataView, shape: GraphShape): string | undefined {
  const number = (offset: number) => Number(header.getBigUint64(offset, true));
  const facts = [
    ['count', number(16), shape.count],
    ['bytes a node', number(24), groundLevelBytes(shape)],
    ['M', number(72), shape.M],
  ] as const;
  for (const [name, got, expected] of facts) if (got !== expected) return `expected ${name} ${expected}, got ${got}`;
  if (number(8) < shape.count) return `expected a capacity of at least ${shape.count}, got ${number(8)}`;
  const entryPoint = header.getUint32(52, true);
  return entryPoint < shape.count ? undefined : `expected an entry point below ${shape.count}, got ${entryPoint}`;
}

/** One list a node: its bytes (32 bits), then the links of all its upper levels. */
function listsFault(lists: DataView, shape: GraphShape): string | undefined {
  let at = 0;
  for (let node = 0; node < shape.count; node++) {
    const bytes = at + 4 <= lists.byteLength ? lists.getUint32(at, true) : NaN;
    if (bytes % upperLevelBytes(shape) !== 0) return `expected whole lists of links, got a wrong one at node ${node}`;
    at += 4 + bytes;
  }
  return at === lists.byteLength ? undefined : `expected ${at} bytes of upper links, got ${lists.byteLength}`;
}
