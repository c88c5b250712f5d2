import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGeneration, writeGeneration } from '../../../engine/vector-index/generation.js';
import { keptSequences, loadNewest, saveGeneration } from '../../../engine/vector-index/generation-folder.js';
import type { IndexIdentity } from '../../../engine/vector-index/generation-manifest.js';
import { HnswIndex } from '../../../engine/vector-index/hnsw-index.js';
import type { IndexSnapshot } from '../../../engine/vector-index/index-core.js';
import { VectorTable } from '../../../engine/vector-index/vector-table.js';
import { changes, indexConfig, range, temporaryFolder, vectorOf } from './fixtures.js';

const IDENTITY: IndexIdentity = { kind: 'hnsw', dimension: 4, M: 16, efConstruction: 200, fingerprint: 'model-a' };
const CONFIG = indexConfig({ exactBelow: 0 });
const FILES = ['generation.json', 'graph.hnsw', 'nodes.u32', 'tombstones.u32', 'vectors.f32'];

/** 80 live nodes of which 70 are in the graph, and 5 tombstones. */
function sampleIndex(): HnswIndex {
  const index = new HnswIndex(CONFIG, { table: new VectorTable(4), sequence: 0 });
  index.apply(changes(7, range(1, 76)));
  while (index.step(Infinity));
  index.apply(changes(9, range(100, 110), range(10, 15)));
  return index;
}

async function save(directory: string, index: HnswIndex): Promise<number[]> {
  try {
    return await saveGeneration(directory, IDENTITY, index.freeze());
  } finally {
    index.thaw();
  }
}

describe('a generation', () => {
  let sound: string;

  beforeAll(async () => {
    sound = mkdtempSync(join(tmpdir(), 'likeness-index-'));
    await writeGeneration(sound, IDENTITY, sampleIndex().freeze());
  });
  afterAll(() => rmSync(sound, { recursive: true }));

  it('brings back what was saved', () => {
    const read = readGeneration(sound, IDENTITY);
    expect(readdirSync(sound).sort()).toEqual(FILES);
    expect(read).toMatchObject({ sequence: 9, graphRows: 70, tombstones: Uint32Array.from(range(10, 15)) });
    const [loaded, original] = [new HnswIndex(CONFIG, read), sampleIndex()];
    const { memoryBytes: _, ...stats } = original.stats();
    expect(loaded.stats()).toMatchObject(stats);
    expect(stats).toMatchObject({ live: 80, tombstones: 5, pending: 10, sequence: 9 });
    for (const index of [loaded, original]) while (index.step(Infinity));
    for (const node of [1, 12, 50, 105]) {
      const found = loaded.search(vectorOf(node, 4), 80);
      expect(found).toEqual(original.search(vectorOf(node, 4), 80));
      expect(found.plan).toBe('hnsw');
    }
  });

  it('does not bring a tombstone back when it is put again', () => {
    const loaded = new HnswIndex(CONFIG, readGeneration(sound, IDENTITY));
    loaded.apply(changes(10, range(10, 15)));
    expect(loaded.stats()).toMatchObject({ live: 80, tombstones: 5, pending: 10 });
  });

  it.each([
    ['kind', 'exact'],
    ['dimension', 8],
    ['M', 17],
    ['efConstruction', 100],
    ['fingerprint', 'model-b'],
  ] as const)('of another %s is refused', (name, value) => {
    const fault = `expected ${name} ${value}, got ${IDENTITY[name]}`;
    expect(() => readGeneration(sound, { ...IDENTITY, [name]: value })).toThrow(fault);
  });

  describe.each(FILES)('with a damaged %s is refused, naming the file', (file) => {
    const expectRefusal = (folder: string, what: string) => {
      let code: unknown;
      let message = '';
      try {
        readGeneration(folder, IDENTITY);
      } catch (error) {
        ({ code, message } = error as { code: unknown; message: string });
      }
      expect({ what, code, named: message.includes(file) }).toEqual({ what, code: 'generation_corrupt', named: true });
    };
    const copy = () => {
      const folder = temporaryFolder();
      cpSync(sound, folder, { recursive: true });
      return folder;
    };

    it('when a bit is flipped, wherever', () => {
      const folder = copy();
      const bytes = readFileSync(join(folder, file));
      const stride = Math.max(1, Math.floor(bytes.length / 150));
      for (let at = 0; at < bytes.length; at += stride) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << (at % 8);
        writeFileSync(join(folder, file), damaged);
        expectRefusal(folder, `bit ${at % 8} of byte ${at}`);
      }
    });

    it('when it is cut short, empty, longer or gone', () => {
      const folder = copy();
      const bytes = readFileSync(join(folder, file));
      const lengths = [0, 1, 4, Math.floor(bytes.length / 2), bytes.length - 4, bytes.length - 2];
      for (const length of lengths) {
        writeFileSync(join(folder, file), bytes.subarray(0, length));
        expectRefusal(folder, `${length} of ${bytes.length} bytes`);
      }
      writeFileSync(join(folder, file), Buffer.concat([bytes, Buffer.of(0)]));
      expectRefusal(folder, 'one byte more');
      unlinkSync(join(folder, file));
      expectRefusal(folder, 'no file');
    });
  });

  it('is not written with a graph of another shape', async () => {
    const snapshot = sampleIndex().freeze();
    const folder = temporaryFolder();
    const other = new HnswIndex(CONFIG, { table: new VectorTable(5), sequence: 0 });
    other.apply(changes(1, range(1, 76), [], 5));
    while (other.step(Infinity));
    const write = (path: string) => other.freeze().graph!.write(path);
    const saved = writeGeneration(folder, IDENTITY, { ...snapshot, graph: { ...snapshot.graph!, write } });
    await expect(saved).rejects.toThrow('expected bytes a node');
  });
});

describe('saveGeneration', () => {
  it('keeps the two newest, also of one sequence', async () => {
    const [directory, index] = [temporaryFolder(), sampleIndex()];
    expect(await save(directory, index)).toEqual([9]);
    index.apply(changes(12, [200]));
    expect(await save(directory, index)).toEqual([9, 12]);
    expect(await save(directory, index)).toEqual([12, 12]);
    index.apply(changes(13, [201]));
    expect(await save(directory, index)).toEqual([12, 13]);
    expect(readdirSync(directory).sort()).toEqual(['0000000000000012-0001', '0000000000000013-0000']);
    expect(loadNewest(directory, IDENTITY).generation?.sequence).toBe(13);
  });

  it('saves an empty index', async () => {
    const directory = temporaryFolder();
    await save(directory, new HnswIndex(CONFIG, { table: new VectorTable(4), sequence: 3 }));
    const { generation, rejected } = loadNewest(directory, IDENTITY);
    expect([generation?.sequence, generation?.table.live, generation?.graph, rejected]).toEqual([3, 0, undefined, []]);
    const index = new HnswIndex(CONFIG, generation!);
    index.apply(changes(4, range(0, 2000)));
    while (index.step(Infinity));
    expect(index.search(vectorOf(5, 4), 1)).toMatchObject({ plan: 'hnsw', nodes: Uint32Array.of(5) });
  });

  it('notices that the library did not write the whole graph, and leaves nothing behind', async () => {
    const [directory, index] = [temporaryFolder(), sampleIndex()];
    await save(directory, index);
    const snapshot = index.freeze();
    for (const missing of [4, 100, 5000]) {
      const short = writeShort(snapshot, missing);
      const saved = saveGeneration(directory, IDENTITY, short);
      await expect(saved).rejects.toMatchObject({ code: 'disk_full' });
    }
    const unwritten = { ...snapshot, graph: { ...snapshot.graph!, write: () => Promise.resolve() } };
    await expect(saveGeneration(directory, IDENTITY, unwritten)).rejects.toMatchObject({ code: 'disk_full' });
    expect(readdirSync(directory)).toEqual(['0000000000000009-0000']);
  });

  it('tells a full disk apart from other failures', async () => {
    const directory = temporaryFolder();
    const failWith = (code: string) => {
      const write = () => Promise.reject(Object.assign(new Error(code), { code }));
      const snapshot = sampleIndex().freeze();
      return saveGeneration(directory, IDENTITY, { ...snapshot, graph: { ...snapshot.graph!, write } });
    };
    await expect(failWith('ENOSPC')).rejects.toMatchObject({ code: 'disk_full' });
    await expect(failWith('EIO')).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('loadNewest', () => {
  it('finds nothing in a folder that is not there yet, and makes it', () => {
    const directory = join(temporaryFolder(), 'a', 'b');
    expect(loadNewest(directory, IDENTITY)).toEqual({ rejected: [] });
    expect(keptSequences(directory)).toEqual([]);
  });

  it('falls back to the previous generation, says so, and puts the damaged one aside', async () => {
    const [directory, index] = [temporaryFolder(), sampleIndex()];
    await save(directory, index);
    index.apply(changes(12, [200]));
    await save(directory, index);
    const [older, newer] = ['0000000000000009-0000', '0000000000000012-0000'];
    truncateSync(join(directory, newer, 'graph.hnsw'), 4000);

    const { generation, rejected } = loadNewest(directory, IDENTITY);
    expect(generation?.sequence).toBe(9);
    expect(rejected).toEqual([{ name: newer, message: expect.stringContaining('graph.hnsw: expected') as string }]);
    expect(readdirSync(directory).sort()).toEqual([older, `bad-${newer}`]);

    unlinkSync(join(directory, older, 'nodes.u32'));
    expect(loadNewest(directory, IDENTITY).rejected).toHaveLength(1);
    expect(readdirSync(directory)).toEqual([`bad-${older}`]);
  });

  it('clears half-written generations and leaves foreign files alone', async () => {
    const directory = temporaryFolder();
    await save(directory, sampleIndex());
    mkdirSync(join(directory, 'tmp-123'));
    writeFileSync(join(directory, 'tmp-123', 'graph.hnsw'), 'half');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    expect(loadNewest(directory, IDENTITY).generation?.sequence).toBe(9);
    expect(readdirSync(directory).sort()).toEqual(['0000000000000009-0000', 'notes.txt']);
  });

  it('refuses a generation under a name of another sequence', async () => {
    const directory = temporaryFolder();
    await save(directory, sampleIndex());
    renameSync(join(directory, '0000000000000009-0000'), join(directory, '0000000000000900-0000'));
    const { generation, rejected } = loadNewest(directory, IDENTITY);
    expect(generation).toBeUndefined();
    expect(rejected[0]?.message).toContain('expected sequence 900, got 9');
  });
});

function writeShort(snapshot: IndexSnapshot, missing: number): IndexSnapshot {
  const graph = snapshot.graph!;
  const write = async (path: string) => {
    await graph.write(path);
    truncateSync(path, readFileSync(path).length - missing);
  };
  return { ...snapshot, graph: { ...graph, write } };
}
