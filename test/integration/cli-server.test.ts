import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startServe } from '../support/cli.js';
import { addSecondModel } from '../support/engine.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('the commands beside a running server', () => {
  it('go through it by themselves, and refer to files instead of copying them', { timeout: 120_000 }, async () => {
    const folder = await tempFolder();
    const [pictures, dataDir] = [join(folder, 'pictures'), join(folder, 'data')];
    await writePictures(pictures, { 'a.jpg': 1, 'b.jpg': 2, 'sub/c.jpg': 3 });
    await addSecondModel(dataDir);
    const { url } = await startServe(['--data-dir', dataDir]);
    const cli = (...args: string[]) => runCli([...args, '--data-dir', dataDir]);
    const index = (...args: string[]) => cli('index', pictures, '-c', 'shop', ...args);

    const first = await index();
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 added/) as string });
    expect(first.stderr).toContain(`the data directory is held by ${url}; going through it`);
    expect(await filesBelow(join(dataDir, 'collections', 'shop', 'originals'))).toEqual([]);
    await rm(join(pictures, 'a.jpg'));
    expect((await index('--delete-missing')).stdout).toMatch(
      /^0 added, 0 replaced, 2 unchanged, 0 rejected, 1 deleted/,
    );
    expect((await index('--model', 'second')).stderr).toMatch(
      /error \[fingerprint_mismatch\]: collection shop .*first/,
    );

    const sheet = join(folder, 'sheet.html');
    const query = join(pictures, 'b.jpg');
    const found = await cli(
      'search',
      query,
      '-c',
      'shop',
      '--json',
      '--html',
      sheet,
      '--filter',
      '{"x": {"exists": false}}',
    );
    expect(JSON.parse(found.stdout)).toMatchObject({
      plan: 'exact-filtered',
      hits: [{ id: 'b.jpg' }, { id: 'sub/c.jpg' }],
    });
    expect(await filesBelow(folder)).toContain('sheet.html');
    expect(JSON.parse((await cli('stats', '--all', '--json')).stdout)).toMatchObject([
      { name: 'default' },
      { images: 2 },
    ]);
    const transfer = join(folder, 'export');
    expect((await cli('export', transfer, '-c', 'shop')).stdout).toMatch(/^2 images written/);
    expect((await cli('import', transfer, '-c', 'copy')).stdout).toBe('2 images imported\n');
    expect((await cli('verify', '-c', 'copy')).stdout).toBe('sound\n');
    expect((await cli('reembed', '-c', 'copy', '--model', 'second')).stdout).toMatch(/^2 images, fingerprint/);
    expect((await cli('remove', 'b.jpg', '-c', 'copy')).stdout).toBe('deleted  b.jpg\n');
    const adapted = await cli('model', 'adapt', 'first', '-c', 'shop', '--stages', 'stem', '--name', 'ours');
    expect(adapted.stdout).toMatch(/^ours {2}ibn-a, fingerprint .*\n {2}adapt at 2 sites/);
  });

  it('reach a server elsewhere with --server and a key', { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    const [pictures, dataDir] = [join(folder, 'pictures'), join(folder, 'data')];
    await writePictures(pictures, { 'a.jpg': 1, 'b.jpg': 2 });
    const { url, stop } = await startServe(['--data-dir', dataDir], { LIKENESS_WRITE_KEYS: 'a-long-enough-secret' });
    const cli = (args: string[], env?: Record<string, string>) =>
      runCli([...args, '--server', url], { cwd: folder, ...(env === undefined ? {} : { env }) });
    const key = ['--api-key', 'a-long-enough-secret'];
    expect((await cli(['index', pictures])).stderr).toMatch(/^error \[unauthorized\]: /m);
    expect((await cli(['index', pictures, ...key])).stdout).toMatch(/^2 added/);
    // the bytes were sent: the server has them of its own
    expect(await filesBelow(join(dataDir, 'collections', 'default', 'originals'))).toHaveLength(2);
    expect((await cli(['index', pictures], { LIKENESS_API_KEY: 'a-long-enough-secret' })).stdout).toMatch(
      /^0 added, 0 replaced, 2 unch/,
    );
    expect(await cli(['index', pictures, '--delete-missing', ...key])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error [invalid_request]: --delete-missing needs the data directory') as string,
    });
    expect(await stop()).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['stats'])).toMatchObject({
      code: 1,
      stderr: `error [internal]: the server at ${url} cannot be reached\n`,
    });
  });
});
