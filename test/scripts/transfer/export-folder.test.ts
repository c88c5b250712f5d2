import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageWrite } from '../../../engine/store/store.js';
import { collectionConfigSchema } from '../../../engine/types.js';
import { readExport, readExportFacts, writeExport } from '../../../scripts/transfer/export-folder.js';
import { tempFolder } from '../../support/temp-folder.js';

const { model, ...config } = collectionConfigSchema.parse({ model: 'first' });
const FACTS = { model, fingerprint: 'f'.repeat(32), dimension: 2, config };

function image(id: string, descriptor: number[]): ImageWrite {
  return {
    ...{ id, contentHash: 'a'.repeat(64), width: 4, height: 3, format: 'png', bytes: 99 },
    // U+2028 ends a line for some readers, and JSON leaves it as it is
    metadata: { title: 'one\u2028two\nthree', nested: { list: [1, null, 'x'] } },
    source: { kind: 'file', path: '/a b.png', root: '/', mtimeMs: 1.5 },
    ...{ createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2021-01-01T00:00:00.000Z' },
    descriptor: Float32Array.from(descriptor),
  };
}

// bits that JSON or rounding would lose: -0, a subnormal, the number after 1
const IMAGES = [image('a', [-0, 1]), image('b/\u00e9', [1e-45, 1.0000001192092896]), image('c', [0.6, 0.8])];

async function* each(images: ImageWrite[]): AsyncGenerator<ImageWrite> {
  yield* await Promise.resolve(images);
}

async function exported(images = IMAGES): Promise<string> {
  const folder = join(await tempFolder(), 'export');
  expect(await writeExport(folder, FACTS, each(images))).toBe(images.length);
  return folder;
}

async function readAll(folder: string): Promise<ImageWrite[]> {
  const images: ImageWrite[] = [];
  for await (const read of readExport(folder, await readExportFacts(folder))) images.push(read);
  return images;
}

describe('an export', () => {
  it('carries regions with their descriptors', async () => {
    const box = { x: 1, y: 0, width: 2, height: 3 };
    const regions = [{ box, descriptor: Float32Array.of(-0, 1) }];
    const images = [{ ...IMAGES[0]!, regions }, IMAGES[1]!];
    const read = await readAll(await exported(images));
    expect(read).toEqual(images);
    expect(read[1]).not.toHaveProperty('regions');
  });

  it('comes back exactly', async () => {
    const folder = await exported();
    const read = await readAll(folder);
    expect(read).toEqual(IMAGES);
    const bits = (images: ImageWrite[]) => images.map(({ descriptor }) => [...new Uint32Array(descriptor.buffer)]);
    expect(bits(read)).toEqual(bits(IMAGES));
    expect(await readExportFacts(folder)).toEqual({ format: 1, ...FACTS, images: 3 });
  });

  it('may be empty', async () => {
    expect(await readAll(await exported([]))).toEqual([]);
  });

  it('is a matrix of one row an image', async () => {
    const file = await readFile(join(await exported(), 'descriptors.npy'));
    expect(file).toHaveLength(128 + 3 * 2 * 4);
    expect(file.readFloatLE(128 + 4 * 4)).toBe(Math.fround(0.6));
  });

  it('that was cut short is not taken for a whole one, nor for the one it was written over', async () => {
    const folder = await exported();
    async function* failing(): AsyncGenerator<ImageWrite> {
      yield* each(IMAGES.slice(0, 1));
      throw new Error('interrupted');
    }
    await expect(writeExport(folder, FACTS, failing())).rejects.toThrow('interrupted');
    await expect(readExportFacts(folder)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('refuses a descriptor of another length', async () => {
    const images = [image('a', [1, 0, 0])];
    const writing = writeExport(join(await tempFolder(), 'x'), FACTS, each(images));
    await expect(writing).rejects.toMatchObject({ code: 'dimension_mismatch' });
  });

  it.each<[string, (folder: string) => Promise<void>, RegExp]>([
    ['no facts', (folder) => rm(join(folder, 'collection.json')), /expected an export in/],
    ['no records', (folder) => rm(join(folder, 'images.ndjson')), /expected images\.ndjson/],
    ['no descriptors', (folder) => rm(join(folder, 'descriptors.npy')), /expected descriptors\.npy/],
    ['a short matrix', (folder) => truncate(join(folder, 'descriptors.npy'), 128 + 20), /expected row 2/],
    ['a line too few', dropLastLine, /expected 3 lines, got 2/],
    ['a wrong line', (folder) => writeFile(join(folder, 'images.ndjson'), '{"id": 3}\n'), /images\.ndjson, line 1/],
  ])('with %s is refused in words', async (_, damage, message) => {
    const folder = await exported();
    await damage(folder);
    await expect(readAll(folder)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
  });
});

async function dropLastLine(folder: string): Promise<void> {
  const file = join(folder, 'images.ndjson');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await truncate(file, (await stat(file)).size - Buffer.byteLength(`${lines.at(-2) ?? ''}\n`));
}
