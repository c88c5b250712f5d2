import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolderDurably, renameDurably, writeFileDurably } from '../../engine/durable-file.js';
import { temporaryFolder } from './store/store-samples.js';

it('writes all bytes of a typed array, over what was there, and leaves nothing beside it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  await writeFileDurably(path, 'old and longer than the new one');
  const floats = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  await writeFileDurably(path, new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength));
  expect(new Float32Array(Uint8Array.from(readFileSync(path)).buffer)).toEqual(Float32Array.of(2, 3));
  expect(readdirSync(folder)).toEqual(['file']);
});

it('leaves nothing behind when it fails', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'taken', 'full'), { recursive: true });
  await expect(writeFileDurably(join(folder, 'taken'), 'x')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('makes folders with those above them, and renames across folders', async () => {
  const folder = temporaryFolder();
  await makeFolderDurably(join(folder, 'a', 'b', 'c'));
  await makeFolderDurably(join(folder, 'a', 'b'));
  await renameDurably(join(folder, 'a', 'b', 'c'), join(folder, 'a', 'moved'));
  expect(readdirSync(join(folder, 'a')).sort()).toEqual(['b', 'moved']);
});
