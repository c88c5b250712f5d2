import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { tempFolder } from '../support/temp-folder.js';
import { texturedPicture } from '../support/textured.js';

const PICTURES = 8;

async function writeTextured(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < PICTURES; i++) await writeFile(join(folder, `${i}.png`), await texturedPicture(i, 120));
}

describe('likeness classical learn', () => {
  it('makes models of key points, which index, search and evaluate take', { timeout: 120_000 }, async () => {
    const folder = await tempFolder();
    const pictures = join(folder, 'pictures');
    const cli = (...args: string[]) => runCli([...args, '--data-dir', join(folder, 'data')]);
    const learn = (...args: string[]) => cli('classical', 'learn', '--images', pictures, '--words', '4', ...args);
    await writeTextured(join(pictures, 'all'));

    const made = await learn('--dim', '6', '-o', 'vlad4');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^vlad4 {2}6 numbers: vlad of 4 words of RootSIFT, learned from 8 pictures, seed 1\.\nf/,
    );
    const again = await learn('--dim', '6', '-o', join(folder, 'same'));
    const fingerprintOf = (text: string) => /fingerprint (\w+)/.exec(text)![1];
    expect(fingerprintOf(again.stdout)).toBe(fingerprintOf(made.stdout));
    expect((await learn('--kind', 'bow', '-o', 'bow4')).stdout).toMatch(/^bow4 {2}4 numbers: bow of 4 words/);
    expect((await cli('model', 'list')).stdout).toMatch(/^vlad4 {2}added {2}6 numbers, vlad, /m);
    expect((await cli('model', 'verify', 'vlad4')).stdout).toBe('vlad4  sound\n');

    expect((await cli('index', pictures, '-c', 'v', '--model', 'vlad4')).code).toBe(0);
    const found = await cli('search', join(pictures, 'all', '3.png'), '-c', 'v', '--ranking', 'geometric', '--json');
    const { hits } = JSON.parse(found.stdout) as { hits: { id: string; score: number; rankScore: number }[] };
    expect(hits[0]).toMatchObject({ id: 'all/3.png' });
    expect(hits[0]!.score).toBeCloseTo(1, 3);
    expect(hits[0]!.rankScore).toBeGreaterThan(30);
    const measured = await cli('evaluate', pictures, '--model', 'vlad4', '--model', 'hog', '--model', 'lab-histogram');
    expect(measured.stdout).toMatch(/\nvlad4 +\d/);
    expect((await cli('model', 'inspect', 'vlad4')).stderr).toMatch(
      /^error \[invalid_request\]: expected a model that is a network/,
    );
  });

  it('refuses what it cannot learn from', { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    const pictures = join(folder, 'pictures');
    await writeTextured(pictures);
    const learn = (...args: string[]) =>
      runCli(['classical', 'learn', '--images', pictures, '--data-dir', join(folder, 'data'), '-o', 'x', ...args]);
    expect((await learn('--words', '4', '--dim', '8')).stderr).toMatch(
      /^error \[too_few_examples\]: expected at least 9 pictures with key points to learn from, got 8/,
    );
    expect((await learn('--words', '4096')).stderr).toMatch(
      /^error \[too_few_examples\]: expected at least 4096 key points/,
    );
    expect((await learn('--kind', 'bow', '--dim', '8')).stderr).toMatch(
      /^error \[invalid_request\]: expected --dim with/,
    );
  });
});
