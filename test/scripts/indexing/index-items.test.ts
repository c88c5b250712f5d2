import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIndexItems } from '../../../scripts/indexing/index-items.js';
import { tempFolder } from '../../support/temp-folder.js';

async function manifest(name: string, text: string): Promise<string> {
  const file = join(await tempFolder(), name);
  await writeFile(file, text);
  return file;
}

const itemsOf = async (file: string) => (await readIndexItems(file)).items;

describe('an NDJSON manifest', () => {
  it('adds and deletes, in any case, with paths relative to the manifest', async () => {
    const file = await manifest(
      'm.ndjson',
      [
        '\uFEFF{"path": "a.jpg"}',
        '',
        '{"op": "ADD", "path": "sub/b.jpg", "id": "b", "metadata": {"price": 3}}\r',
        '{"op": "Delete", "id": "old"}',
        '{"op": "delete", "path": "gone.jpg"}',
      ].join('\n'),
    );
    const folder = join(file, '..');
    expect(await readIndexItems(file)).toEqual({
      items: [
        { op: 'add', id: 'a.jpg', path: join(folder, 'a.jpg') },
        { op: 'add', id: 'b', path: join(folder, 'sub/b.jpg'), metadata: { price: 3 } },
        { op: 'delete', id: 'old' },
        { op: 'delete', id: 'gone.jpg' },
      ],
    });
  });

  it.each([
    ['{"path": "a.jpg"}\n{"path": ', 'invalid_json', /m\.ndjson, line 2: expected a JSON object, got \{"path": /],
    ['\n\n{"op": "move", "path": "a.jpg"}', 'invalid_request', /line 3: op /],
    ['{"metadata": {}}', 'invalid_request', /line 1: expected a path to add, or an id to delete/],
    ['{"op": "delete"}', 'invalid_request', /line 1: expected a path to add, or an id to delete/],
    ['{"path": "a.jpg", "colour": "red"}', 'invalid_request', /line 1: .*colour/],
    ['{"path": "a.jpg", "id": "a\\u0001"}', 'invalid_request', /line 1: id .*control characters/],
    ['[1]', 'invalid_request', /line 1: /],
  ])('names the line of %j', async (text, code, message) => {
    const reading = readIndexItems(await manifest('m.ndjson', text));
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

describe('a CSV manifest', () => {
  it('takes other columns as metadata, numbers and booleans where the text is exactly one', async () => {
    const text = [
      'id,path,op,brand,price,code,sale,size,mark',
      'x1,a.jpg,,"Acme, Inc.",12.5,007,true,1e3,NaN',
      ',b.jpg,ADD,,-3,,false,Infinity,',
      'x3,,DELETE,,,,,,',
    ].join('\r\n');
    const file = await manifest('m.csv', `\uFEFF${text}\r\n`);
    const folder = join(file, '..');
    expect(await itemsOf(file)).toEqual([
      {
        op: 'add',
        id: 'x1',
        path: join(folder, 'a.jpg'),
        metadata: { brand: 'Acme, Inc.', price: 12.5, code: '007', sale: true, size: '1e3', mark: 'NaN' },
      },
      { op: 'add', id: 'b.jpg', path: join(folder, 'b.jpg'), metadata: { price: -3, sale: false, size: 'Infinity' } },
      { op: 'delete', id: 'x3' },
    ]);
  });

  it('names no metadata where it has no column for any', async () => {
    expect(await itemsOf(await manifest('m.csv', 'path\na.jpg\n'))).toEqual([
      { op: 'add', id: 'a.jpg', path: expect.stringMatching(/a\.jpg$/) as string },
    ]);
  });

  it.each([
    ['path,brand\na.jpg,x\nb.jpg\n', /m\.csv: .*line 3/],
    ['path,brand\n"a.jpg,x\n', /m\.csv: /],
    ['path,brand\na.jpg,x\n\n,y\n', /m\.csv, line 4: expected a path/],
    ['brand\nx\n', /line 2: expected a path/],
  ])('names the line of %j', async (text, message) => {
    const reading = readIndexItems(await manifest('m.csv', text));
    await expect(reading).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('a list', () => {
  it('takes a path a line, relative to the list, with comments', async () => {
    const file = await manifest('list.txt', '\uFEFF# mine\n\n  a b.jpg \r\nsub/c.png\n/abs/d.jpg');
    const folder = join(file, '..');
    expect(await itemsOf(file)).toEqual([
      { op: 'add', id: 'a b.jpg', path: join(folder, 'a b.jpg') },
      { op: 'add', id: 'sub/c.png', path: join(folder, 'sub/c.png') },
      { op: 'add', id: '/abs/d.jpg', path: '/abs/d.jpg' },
    ]);
  });
});

describe('a folder', () => {
  it('gives the pictures of all levels by extension, and says which folder it was', async () => {
    const root = await tempFolder();
    await mkdir(join(root, 'sub', 'deep.jpg'), { recursive: true });
    for (const name of ['b.JPG', 'a.png', 'notes.txt', 'photo.heic', 'sub/c.webp', 'sub/deep.jpg/d.tif'])
      await writeFile(join(root, name), 'x');
    await symlink(join(root, 'a.png'), join(root, 'link.png'));
    const { root: told, items } = await readIndexItems(root);
    expect(told).toBe(root);
    expect(items.map(({ id }) => id)).toEqual(['a.png', 'b.JPG', 'link.png', 'sub/c.webp', 'sub/deep.jpg/d.tif']);
    expect(items[4]).toEqual({ op: 'add', id: 'sub/deep.jpg/d.tif', path: join(root, 'sub/deep.jpg/d.tif') });
  });

  it.skipIf(process.getuid?.() === 0)('goes on past a sub-folder that cannot be read, and tells of it', async () => {
    const root = await tempFolder();
    await mkdir(join(root, 'shut'));
    await writeFile(join(root, 'a.png'), 'x');
    await chmod(join(root, 'shut'), 0);
    expect((await itemsOf(root)).map(({ id }) => id)).toEqual(['a.png', 'shut']);
  });

  it('is refused in words if it is not there', async () => {
    await expect(readIndexItems('/nowhere/at/all')).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('expected a folder, list or manifest at /nowhere/at/all') as string,
    });
  });
});
