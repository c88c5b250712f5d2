import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listLabelledFolder } from '../../../engine/evaluate/labelled-folder.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'labelled-'));
  for (const file of ['dog/b.jpg', 'dog/a.PNG', 'cat/indoors/c.webp', 'loose.tiff', 'dog/notes.txt']) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('listLabelledFolder', () => {
  it('takes the first sub-folder as label, sorted by id, pictures only', async () => {
    const items = await listLabelledFolder(folder);
    expect(items.map(({ id, label }) => `${label}: ${id}`)).toEqual([
      'cat: cat/indoors/c.webp',
      'dog: dog/a.PNG',
      'dog: dog/b.jpg',
      ': loose.tiff',
    ]);
    expect(items[0]!.path).toBe(path.join(folder, 'cat', 'indoors', 'c.webp'));
  });

  it('refuses a folder without pictures and one that is not there', async () => {
    await mkdir(path.join(folder, 'empty'));
    await expect(listLabelledFolder(path.join(folder, 'empty'))).rejects.toThrow('expected pictures below');
    await expect(listLabelledFolder(path.join(folder, 'missing'))).rejects.toThrow('expected a readable folder');
  });
});
