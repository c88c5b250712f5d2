import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startServe } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

const GALLERY = { 'one.jpg': 1, 'two.jpg': 2, 'three.jpg': 3 };

async function gallery() {
  const folder = await tempFolder();
  const pictures = join(folder, 'pictures');
  await writePictures(pictures, GALLERY);
  await cp(join(pictures, 'one.jpg'), join(pictures, 'one again.jpg'));
  return { pictures, data: ['--data-dir', join(folder, 'data')], file: (name: string) => join(folder, name) };
}

describe('likeness dedupe and compare', { timeout: 60_000 }, () => {
  it('find copies, report them, and delete them only when told twice', async () => {
    const { pictures, data, file } = await gallery();
    expect((await runCli(['index', pictures, ...data])).code).toBe(0);
    const looked = await runCli([
      'dedupe',
      '--verdict',
      'identical',
      '--html',
      file('report.html'),
      '--delete',
      ...data,
    ]);
    expect(looked.stdout).toMatch(/^identical\n {2}\S+ +one again\.jpg.*\n {2}\S+ +one\.jpg.*\n$/);
    expect(looked.stderr).toContain('1 groups, 1 images beside the ones to keep (oldest): would be deleted with --yes');
    expect(await readFile(file('report.html'), 'utf8')).toContain('one again.jpg');
    const uncalibrated = await runCli(['dedupe', ...data]);
    expect([uncalibrated.code, uncalibrated.stderr]).toEqual([1, expect.stringContaining('[not_calibrated]')]);
    const removed = await runCli(['dedupe', '--verdict', 'identical', '--json', '--delete', '--yes', ...data]);
    expect(JSON.parse(removed.stdout)).toMatchObject({ verdict: 'identical', images: [{}, {}] });
    expect((await runCli(['dedupe', '--verdict', 'identical', ...data])).stdout).toBe('');
    expect((await runCli(['dedupe', '--yes', ...data])).stderr).toContain('[invalid_request]');
  });

  it('go through a running server as well', async () => {
    const { pictures, data, file } = await gallery();
    const { url } = await startServe(data);
    const server = ['--server', url];
    expect((await runCli(['index', pictures, ...server, ...data])).code).toBe(0);
    const found = await runCli(['dedupe', '--verdict', 'identical', ...server]);
    expect(found.stdout).toContain('one again.jpg');
    const [one, copy] = [join(pictures, 'one.jpg'), join(pictures, 'one again.jpg')];
    const compared = await runCli(['compare', one, copy, '--out', file('both.png'), ...server]);
    expect(compared.stdout).toMatch(/^score +1\.0000\nhashes +differ in 0 of 64 bits\nverdict +identical\n/);
    expect((await readFile(file('both.png'))).subarray(1, 4).toString()).toBe('PNG');
    const calibrated = await runCli(['calibrate', ...server]);
    expect([calibrated.code, calibrated.stderr]).toEqual([1, expect.stringContaining('[too_few_images]')]);
  });
});
