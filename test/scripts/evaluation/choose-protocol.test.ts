import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseProtocol } from '../../../scripts/evaluation/choose-protocol.js';
import { tempFolder } from '../../support/temp-folder.js';

async function folderOf(...names: string[]): Promise<string> {
  const folder = await tempFolder();
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
  return folder;
}

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

describe('chooseProtocol', () => {
  it('follows from what is given', async () => {
    const folder = await folderOf('a/1.jpg', 'a/2.jpg', 'b/1.jpg');
    const gallery = await folderOf('a/9.jpg');
    const list = join(folder, 'truth.ndjson');
    await writeFile(list, '{"query": "a/1.jpg", "relevant": ["a/2.jpg"]}\n');
    expect((await chooseProtocol(undefined, { folder })).name).toBe('leave-one-out');
    const pair = await chooseProtocol(undefined, { folder, gallery });
    expect([pair.name, ids(pair.queries), ids(pair.gallery)]).toEqual([
      'query-gallery',
      ['a/1.jpg', 'a/2.jpg', 'b/1.jpg'],
      ['a/9.jpg'],
    ]);
    const listed = await chooseProtocol(undefined, { folder, list });
    expect([listed.name, ids(listed.queries), listed.gallery.length]).toEqual(['list-file', ['a/1.jpg'], 3]);
    expect([...listed.junk(listed.queries[0]!)]).toEqual(['a/1.jpg']);
  });

  it('knows the others by name', async () => {
    const folder = await folderOf('1.jpg', '2.jpg', '3.jpg', '4.jpg');
    expect((await chooseProtocol('ukbench', { folder })).name).toBe('ukbench');
    const truth = {
      gallery: ['1.jpg'],
      queries: [{ id: '2.jpg', bbox: [0, 0, 5, 5], easy: ['1.jpg'], hard: [], junk: [] }],
    };
    const list = join(folder, 'truth.json');
    await writeFile(list, JSON.stringify(truth));
    const hard = await chooseProtocol('revisited-hard', { folder, list });
    expect([hard.name, [...hard.junk(hard.queries[0]!)]]).toEqual(['revisited-hard', ['1.jpg']]);
    const copies = await chooseProtocol('copydays', {
      folder: await folderOf('jpeg/200001.jpg'),
      gallery: await folderOf('200000.jpg'),
      distractors: await folderOf('200000.jpg'),
    });
    expect(ids(copies.gallery)).toEqual(['200000.jpg', 'distractor/200000.jpg']);
    expect([...copies.relevant(copies.queries[0]!)]).toEqual(['200000.jpg']);
  });

  it('takes the first of each class when there is a limit, in the gallery too', async () => {
    const folder = await folderOf('a/1.jpg', 'a/2.jpg', 'b/1.jpg', 'b/2.jpg');
    const { queries, gallery } = await chooseProtocol(undefined, { folder, gallery: folder, limitPerClass: 1 });
    expect([ids(queries), ids(gallery)]).toEqual([
      ['a/1.jpg', 'b/1.jpg'],
      ['a/1.jpg', 'b/1.jpg'],
    ]);
  });

  it.each([
    ['nonsense', /expected one of leave-one-out, .*got nonsense/],
    ['toString', /expected one of/],
    ['query-gallery', /expected --gallery/],
    ['list', /expected --list/],
    ['revisited-easy', /expected --list/],
  ])('says what %s lacks', async (name, message) => {
    const choosing = chooseProtocol(name, { folder: await folderOf('a/1.jpg') });
    await expect(choosing).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
  });
});
