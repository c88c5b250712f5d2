import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startServe } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

const PICTURES = 24;
const CLASSES = 4;

/** Pictures in folders by class, and a manifest that says so. */
async function writeClasses(folder: string): Promise<void> {
  const names = Array.from({ length: PICTURES }, (_, i) => [`c${i % CLASSES}/${i}.png`, i] as const);
  await writePictures(folder, Object.fromEntries(names));
  const rows = names.map(([path], i) => `${path},${path},kind ${i % CLASSES}\n`);
  await writeFile(join(folder, 'manifest.csv'), `id,path,kind\n${rows.join('')}`);
}

describe('likeness whiten and tune', () => {
  it('learn a model from pictures or pairs, and a chain from labels', { timeout: 120_000 }, async () => {
    const folder = await tempFolder();
    const dataDir = join(folder, 'data');
    const pictures = join(folder, 'pictures');
    const cli = (...args: string[]) => runCli([...args, '--data-dir', dataDir]);
    await writeClasses(pictures);

    const whitened = await cli('whiten', 'first', '--images', pictures, '--dim', '16', '-o', 'first-white');
    expect(whitened).toMatchObject({ code: 0, stderr: '' });
    expect(whitened.stdout).toMatch(
      /^first-white {2}first with a whitening of 16 directions learned from 24 pictures, power 0.25, /,
    );
    expect((await cli('model', 'list')).stdout).toMatch(/^first-white {2}added {2}16 numbers/m);
    const pairs = join(pictures, 'pairs.csv');
    await writeFile(pairs, `a,b\n${[0, 1, 2, 3].map((i) => `c${i}/${i}.png,c${i}/${i + 4}.png\n`).join('')}`);
    const refused = await cli('whiten', 'first', '--pairs', pairs, '--dim', '16', '-o', 'few');
    expect(refused.stderr).toBe(
      'error [too_few_examples]: expected at least 17 pictures to learn 16 directions from, got 8\n',
    );
    expect((await cli('whiten', 'first', '--pairs', pairs, '--dim', '4', '-o', join(folder, 'paired'))).code).toBe(0);
    expect((await cli('whiten', 'first', '-o', 'none')).stderr).toMatch(
      /^error \[invalid_request\]: expected --images/,
    );

    expect((await cli('index', join(pictures, 'manifest.csv'), '--model', 'first-white')).code).toBe(0);
    const dry = await cli('tune', '--label', 'kind', '--hold-out', 'images', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^24 images, 4 classes; 5 folds, held out: images; 24 queries/);
    expect(dry.stdout).toMatch(/\nnone +0\.\d{4}/);
    expect(dry.stdout).toMatch(/\nnothing was written \(dry run\)\n$/);
    expect((await cli('tune')).stderr).toMatch(/^error \[invalid_request\]: expected label/);
    expect((await cli('tune', '--revert')).stderr).toMatch(/^error \[invalid_request\]: revert: nothing was learned/);

    // the same through a server
    const { url } = await startServe(['--data-dir', dataDir]);
    const remote = await runCli(['tune', '--label', 'kind', '--hold-out', 'images', '--dry-run', '--server', url]);
    expect(remote.stdout).toBe(dry.stdout);
    const few = await runCli(['tune', '--from', 'feedback', '--server', url]);
    expect(few.stderr).toMatch(/^error \[too_few_examples\]: expected feedback with at least 50 chosen images/);
  });
});
