import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { builtModule, startScript } from './child-script.js';
import { creation, temporaryFolder } from './store-samples.js';

/**
 * Eight writers at once, each on ids of its own: adds, now and then deletes what it added. Says "put id" and "delete id"
 * before it asks, and "done id" when that was acknowledged.
 */
const WRITER = `
  import { writeSync } from 'node:fs';
  import { StoreClient } from ${builtModule('store-client.js')};
  const [file, round] = process.argv.slice(2);
  const store = await StoreClient.open({ file });
  const say = (line) => writeSync(1, line + '\\n');
  const write = (id, i) => ({
    id, contentHash: id, width: 1, height: 1, format: 'png', bytes: 1, metadata: {}, source: { kind: 'upload' },
    descriptor: Float32Array.of(Math.sin(i % 50), Math.cos(i % 50), 0, 0),
  });
  for (let writer = 0; writer < 8; writer += 1) (async () => {
    for (let i = 0; ; i += 1) {
      const id = round + '-' + writer + '-' + i;
      say('put ' + id);
      await store.put(write(id, i));
      say('done ' + id);
      if (i % 3 !== 0) continue;
      say('delete ' + id);
      await store.delete(id);
      say('done ' + id);
    }
  })();`;

/** Runs writers until `lines` were said, kills them there and then. @returns all that was said. */
function writeUntilKilled(file: string, round: number, lines: number): Promise<string[]> {
  const child = startScript(WRITER, [file, String(round)]);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('close', () => resolve(said.split('\n').slice(0, -1))));
}

it('has everything that was acknowledged and nothing twice after kill -9', async () => {
  const file = join(temporaryFolder(), 'store.sqlite');
  new SqliteStore({ file, create: creation }).close();
  const present = new Set<string>();
  const unsure = new Set<string>();
  let interrupted = 0;
  for (const [round, lines] of [20, 137, 400, 901].entries()) {
    const asked = new Map<string, string>();
    for (const line of await writeUntilKilled(file, round, lines)) {
      const [word, id] = line.split(' ') as [string, string];
      if (word !== 'done') asked.set(id, word);
      else if (asked.get(id) === 'put') present.add(id);
      else present.delete(id);
      if (word === 'done') asked.delete(id);
    }
    for (const id of asked.keys()) unsure.add(id);
    interrupted += asked.size;
    const store = new SqliteStore({ file });
    const ids = store.list({ limit: 100_000 }).map(({ id }) => id);
    expect(ids.filter((id) => !unsure.has(id))).toEqual([...present].filter((id) => !unsure.has(id)).sort());
    const { sequence, images } = store.info();
    expect(store.changesSince(0, 100_000)).toHaveLength(sequence);
    expect(images).toBe(ids.length);
    expect(store.verify()).toEqual([]);
    store.close();
  }
  expect(present.size).toBeGreaterThan(50);
  expect(interrupted).toBeGreaterThan(0);
});
