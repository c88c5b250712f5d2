import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resultOf, runCli, startCli, type CliResult } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

const PICTURES = 150;

/** Lines of the ledger so far. */
async function linesIn(dataDir: string): Promise<string[]> {
  const folder = join(dataDir, 'ledgers');
  const [file] = await readdir(folder).catch(() => []);
  return file === undefined ? [] : (await readFile(join(folder, file), 'utf8')).split('\n').slice(0, -1);
}

/** Sends the signal to an index run once it has added some pictures. */
async function interrupt(folder: string, dataDir: string, signal: NodeJS.Signals): Promise<CliResult> {
  const child = startCli(['index', folder, '--data-dir', dataDir]);
  const result = resultOf(child);
  while ((await linesIn(dataDir)).length < 3 && child.exitCode === null) await sleep(5);
  child.kill(signal);
  return result;
}

describe('an index run that is interrupted', { timeout: 120_000 }, () => {
  it('stops cleanly on SIGINT, loses nothing when killed, and goes on where it was', async () => {
    const folder = await tempFolder();
    await writePictures(folder, Object.fromEntries(Array.from({ length: PICTURES }, (_, i) => [`${i}.jpg`, i])));
    const dataDir = join(await tempFolder(), 'data');

    const stopped = await interrupt(folder, dataDir, 'SIGINT');
    expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted; the same') as string });
    const added = Number(/^(\d+) added/.exec(stopped.stdout)?.[1]);
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThan(PICTURES);
    expect(await linesIn(dataDir)).toHaveLength(added);

    const index = () => runCli(['index', folder, '--data-dir', dataDir]);
    const killedDir = join(await tempFolder(), 'data');
    expect((await interrupt(folder, killedDir, 'SIGKILL')).code).toBeNull();
    const acknowledged = (await linesIn(killedDir)).length;
    expect(acknowledged).toBeLessThan(PICTURES);
    const again = await runCli(['index', folder, '--data-dir', killedDir]);
    expect(again.code).toBe(0);
    const [fresh, same] = [/(\d+) added/, /(\d+) unchanged/].map((pattern) => Number(pattern.exec(again.stdout)?.[1]));
    expect(same).toBeGreaterThanOrEqual(acknowledged);
    expect(fresh! + same!).toBe(PICTURES);
    const stats = await runCli(['stats', '--json', '--data-dir', killedDir]);
    expect(JSON.parse(stats.stdout)).toMatchObject([{ images: PICTURES, sequence: PICTURES }]);

    expect((await index()).stdout).toMatch(new RegExp(`^${PICTURES - added} added, 0 replaced, ${added} unchanged`));
  });
});
