import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { openTestEngine, putVector, type TestEngine } from '../support/engine.js';
import { randomUnit, seededRandom } from '../support/vectors.js';

let test: TestEngine;
beforeEach(async () => {
  test = await openTestEngine();
});
afterEach(() => test.close());

const code = (name: string) => expect.objectContaining({ code: name }) as Error;
const storeOf = (name: string) => join(test.dataDir, 'collections', name, 'epochs/1/store.sqlite');

describe('Engine', () => {
  it('has a default collection, makes and deletes others', async () => {
    expect(test.engine.list().map(({ name }) => name)).toEqual(['default']);
    const shoes = await test.engine.create('shoes', { keepOriginals: false });
    expect((await shoes.info()).keepOriginals).toBe(false);
    await test.reopen();
    expect(test.engine.list().map(({ name }) => name)).toEqual(['default', 'shoes']);
    await test.engine.delete('shoes');
    expect(() => test.engine.get('shoes')).toThrow(code('collection_not_found'));
    expect(await readdir(join(test.dataDir, 'collections'))).toEqual(['default']);
  });

  it('refuses a name that is taken or wrong, and a model that is not there, and leaves nothing behind', async () => {
    await expect(test.engine.create('default')).rejects.toThrow(code('collection_exists'));
    await expect(test.engine.create('../evil')).rejects.toThrow(code('invalid_request'));
    await expect(test.engine.create('x', { model: 'none' })).rejects.toThrow(code('model_not_found'));
    expect(await readdir(join(test.dataDir, 'collections'))).toEqual(['default']);
  });

  it('is refused a data directory that another engine holds, and told the holder', async () => {
    const config = engineConfigSchema.parse({ dataDir: test.dataDir });
    const second = Engine.open(config, { command: 'second' });
    await expect(second).rejects.toThrow(
      expect.objectContaining({
        code: 'data_dir_locked',
        message: expect.stringContaining(String(process.pid)) as string,
      }) as Error,
    );
  });

  it('puts a damaged collection aside and serves the others', async () => {
    const sound = await test.engine.create('sound');
    await putVector(sound, 'a', randomUnit(256, seededRandom(1)));
    await test.engine.create('broken');
    await test.engine.close();
    const bytes = await readFile(storeOf('broken'));
    await writeFile(storeOf('broken'), bytes.fill(0x5a, 0, 4096));
    await test.reopen();
    expect(test.engine.ready).toBe(true);
    expect(test.engine.quarantined().map(({ name }) => name)).toEqual(['broken']);
    expect(() => test.engine.get('broken')).toThrow(code('collection_quarantined'));
    expect((await test.engine.get('sound').info()).images).toBe(1);
    await expect(test.engine.create('broken')).rejects.toThrow(code('collection_exists'));
    await test.engine.delete('broken');
    expect((await (await test.engine.create('broken')).info()).images).toBe(0);
  });

  it('does not open a collection whose own copy of the model was changed', async () => {
    await test.engine.close();
    const copies = join(test.dataDir, 'model-copies');
    const [copy] = await readdir(copies);
    const file = join(copies, copy!, 'projection.f32');
    const bytes = await readFile(file);
    bytes[100] = bytes[100]! ^ 1;
    await writeFile(file, bytes);
    await test.reopen();
    expect(test.engine.quarantined().map(({ error }) => error.code)).toEqual(['model_invalid']);
  });
});
