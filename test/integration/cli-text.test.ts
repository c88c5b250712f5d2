import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startServe } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

describe('likeness search --text', () => {
  it('finds by words, alone and beside a picture, here and through a server', { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    const dataDir = join(folder, 'data');
    const pictures = join(folder, 'pictures');
    await writePictures(pictures, { 'a.png': 1, 'b.png': 2, 'c.png': 3 });
    const rows = ['a.png,a.png,red shoe', 'b.png,b.png,blue shoe', 'c.png,c.png,hat'];
    await writeFile(join(pictures, 'manifest.csv'), `id,path,title\n${rows.join('\n')}\n`);
    const cli = (...args: string[]) => runCli([...args, '-c', 'shop', '--data-dir', dataDir]);
    const manifest = join(pictures, 'manifest.csv');
    expect((await cli('index', manifest, '--model', 'first', '--text-field', 'title')).code).toBe(0);
    expect((await cli('index', manifest, '--text-field', 'name')).stderr).toMatch(/--text-field: expected title/);

    const { url } = await startServe(['--data-dir', dataDir]);
    const idsOf = (stdout: string) => (JSON.parse(stdout) as { hits: { id: string }[] }).hits.map(({ id }) => id);
    const search = async (...args: string[]) =>
      idsOf((await runCli(['search', ...args, '--json', '-c', 'shop', '--server', url])).stdout);
    expect(await search('--text', 'red shoe')).toEqual(['a.png', 'b.png']);
    expect((await search(join(pictures, 'c.png'), '--text', 'blue'))[0]).toBe('b.png');
    const pictureFirst = await search(join(pictures, 'c.png'), '--text', 'blue', '--text-weight', '0');
    expect(pictureFirst[0]).toBe('c.png');
    const table = (await runCli(['search', '--text', 'hat', '-c', 'shop', '--server', url])).stdout;
    expect(table).toMatch(/^rank {3}score {2}id\n {3}1 {2}\d\.\d{4} {2}c\.png\n\(text, /);
    const neither = await runCli(['search', '-c', 'shop', '--server', url]);
    expect(neither.stderr).toMatch(/^error \[invalid_request\]: expected a picture to search by, or --text/);
    const wrong = await runCli(['search', '--text', 'a', '--text-weight', '2', '-c', 'shop', '--server', url]);
    expect(wrong.stderr).toMatch(/--text-weight: expected 0 to 1/);
  });
});
