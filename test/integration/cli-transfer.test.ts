import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

describe('likeness export, import and a damaged collection', () => {
  it('carry a collection over exactly, times, config and bits included', { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    await writePictures(folder, { 'a.jpg': 1, 'b.jpg': 2, 'c.jpg': 3 });
    await writeFile(join(folder, 'm.csv'), 'id,path,title\n1,a.jpg,first one\n2,b.jpg,\n3,c.jpg,"x, ""y"""\n');
    const dataDir = join(folder, 'data');
    const cli = (...args: string[]) => runCli([...args, '--data-dir', dataDir]);
    const env = { LIKENESS_INDEX_M: '24' };
    const made = await runCli(['index', join(folder, 'm.csv'), '-c', 'one', '--data-dir', dataDir], { env });
    expect(made.code).toBe(0);
    const exported = (name: string) => join(folder, name);
    expect((await cli('export', exported('x1'), '-c', 'one')).stdout).toMatch(/^3 images written/);
    expect(await cli('import', exported('x1'), '-c', 'two')).toMatchObject({ code: 0, stdout: '3 images imported\n' });
    await cli('export', exported('x2'), '-c', 'two');
    for (const file of ['collection.json', 'images.ndjson', 'descriptors.npy'])
      expect(await readFile(join(exported('x2'), file)), file).toEqual(await readFile(join(exported('x1'), file)));
    expect(await readFile(join(exported('x1'), 'collection.json'), 'utf8')).toContain('"M": 24');

    // one collection is damaged: the others are shown all the same
    await writeFile(join(dataDir, 'collections', 'two', 'epochs', '1', 'store.sqlite'), 'no database at all');
    await rm(join(dataDir, 'collections', 'two', 'epochs', '1', 'store.sqlite-wal'), { force: true });
    const stats = await cli('stats', '--all');
    expect(stats.code).toBe(1);
    expect(stats.stdout).toMatch(
      /collection {2}default\n[^]*collection {2}one\n[^]*images {6}3,[^]*collection {2}two\nerror \[/,
    );
    expect(await cli('stats', '-c', 'two')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error [collection_quarantined]: collection two') as string,
    });
  });
});
