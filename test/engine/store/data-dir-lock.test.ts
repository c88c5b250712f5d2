import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireDataDirLock, readHolder } from '../../../engine/store/data-dir-lock.js';
import { builtModule, startScript } from './child-script.js';
import { temporaryFolder } from './store-samples.js';

/** A process that tries for the lock, prints one line with what came of it, and stays. */
function contender(
  dataDir: string,
  command: string,
): { pid: number; answer: Promise<Answer>; kill: () => Promise<void> } {
  const script = `
    import { acquireDataDirLock } from ${builtModule('data-dir-lock.js')};
    const [dataDir, command] = process.argv.slice(2);
    const say = (answer) => console.log(JSON.stringify(answer));
    acquireDataDirLock(dataDir, { command, url: 'http://' + command }).then(
      () => say({ won: true }), ({ code, details }) => say({ won: false, code, details }));
    setInterval(() => undefined, 1000);`;
  const child = startScript(script, [dataDir, command]);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): Promise<void> => {
    child.kill('SIGKILL');
    return ended;
  };
  const answer = new Promise<Answer>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Answer));
  });
  return { pid: child.pid!, answer, kill };
}

interface Answer {
  won: boolean;
  code?: string;
  details?: { pid: number; command: string; url: string };
}

describe('the lock on a data directory', () => {
  it('is refused to a second, who is told who has it and where to reach it', async () => {
    const dataDir = temporaryFolder();
    const lock = await acquireDataDirLock(dataDir, { command: 'likeness serve' });
    await lock.update('http://localhost:3000');
    await expect(acquireDataDirLock(dataDir, { command: 'likeness index' })).rejects.toMatchObject({
      code: 'data_dir_locked',
      message: expect.stringMatching(/likeness serve.*http:\/\/localhost:3000/) as string,
      details: { pid: process.pid, command: 'likeness serve', url: 'http://localhost:3000' },
    });
    expect(await readHolder(dataDir)).toMatchObject({ pid: process.pid, url: 'http://localhost:3000' });
    await lock.close();
    expect(await readHolder(dataDir)).toBeUndefined();
    await (await acquireDataDirLock(dataDir, { command: 'likeness index' })).close();
  });

  it('goes to one of many processes that race for it, and the rest name that one', async () => {
    const dataDir = temporaryFolder();
    const contenders = ['one', 'two', 'three', 'four'].map((name) => contender(dataDir, name));
    const answers = await Promise.all(contenders.map(({ answer }) => answer));
    const winner = contenders[answers.findIndex(({ won }) => won)]!;
    const losers = answers.filter(({ won }) => !won);
    expect(losers).toHaveLength(3);
    for (const { code, details } of losers) {
      expect([code, details?.pid]).toEqual(['data_dir_locked', winner.pid]);
      expect(details?.url).toBe(`http://${details?.command}`);
    }
  });

  it('is free again when its holder was killed, whatever holder.json says', async () => {
    const dataDir = temporaryFolder();
    const holder = contender(dataDir, 'killed');
    expect(await holder.answer).toEqual({ won: true });
    expect(await readHolder(dataDir)).toMatchObject({ pid: holder.pid });
    await holder.kill();
    expect(existsSync(join(dataDir, 'holder.json'))).toBe(true);
    expect(await readHolder(dataDir)).toBeUndefined();
    await (await acquireDataDirLock(dataDir, { command: 'next' })).close();
  });

  it('is refused without a name if the holder has not said who it is', async () => {
    const dataDir = temporaryFolder();
    const lock = await acquireDataDirLock(dataDir, { command: 'first' });
    onTestFinished(() => lock.close());
    writeFileSync(join(dataDir, 'holder.json'), 'half a fi');
    const details = { pid: null, command: null, url: null };
    await expect(acquireDataDirLock(dataDir, { command: 'second' })).rejects.toMatchObject({ details });
  });

  it('says so when its file is not what it should be', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'lock.sqlite'), 'no database at all, but long enough to be read as one'.repeat(20));
    await expect(acquireDataDirLock(dataDir, { command: 'x' })).rejects.toThrow(/lock.sqlite.*may be deleted/);
  });
});
