import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../engine/sha256.js';
import { Originals } from '../../../engine/store/originals.js';
import { temporaryFolder } from './store-samples.js';

const bytes = Uint8Array.of(1, 2, 3);

async function kept() {
  const folder = temporaryFolder();
  const originals = new Originals(join(folder, 'originals'));
  const hash = await sha256(bytes);
  await originals.put(bytes, hash);
  return { originals, hash, path: join(folder, 'originals', hash.slice(0, 2), hash.slice(2, 4), hash) };
}

describe('originals', () => {
  it('come back as they were put, once for all who have the same bytes', async () => {
    const { originals, hash, path } = await kept();
    await originals.put(bytes, hash);
    expect(await originals.has(hash)).toBe(true);
    expect(Uint8Array.from((await originals.get(hash))!)).toEqual(bytes);
    expect(readdirSync(join(path, '..'))).toEqual([hash]);
    await originals.delete(hash);
    await originals.delete(hash);
    expect(await originals.has(hash)).toBe(false);
    expect(await originals.get(hash)).toBeUndefined();
  });

  it('that have changed are told, and made good by putting them again', async () => {
    const { originals, hash, path } = await kept();
    writeFileSync(path, Uint8Array.of(1, 2, 4));
    await expect(originals.get(hash)).rejects.toMatchObject({
      code: 'original_not_available',
      details: { sha256: hash },
    });
    await originals.put(bytes, hash);
    expect(Uint8Array.from(readFileSync(path))).toEqual(bytes);
  });

  it('of one hash are put and deleted in the order asked', async () => {
    const { originals, hash } = await kept();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([originals.delete(hash), originals.put(bytes, hash)]);
      expect(await originals.has(hash)).toBe(true);
    }
  });

  it('are swept but for those to keep, with what was left half written', async () => {
    const { originals, hash, path } = await kept();
    const other = Uint8Array.of(9);
    await originals.put(other, await sha256(other));
    writeFileSync(`${path}.abc.tmp`, 'half');
    mkdirSync(join(path, '..', 'not-ours'));
    expect(await originals.sweep(new Set([hash]))).toBe(2);
    expect(await originals.has(hash)).toBe(true);
    expect(await originals.has(await sha256(other))).toBe(false);
  });

  it('may be none at all', async () => {
    const originals = new Originals(join(temporaryFolder(), 'never-made'));
    expect(await originals.sweep(new Set())).toBe(0);
    expect(await originals.get('0'.repeat(64))).toBeUndefined();
    await expect(originals.get('../../etc/passwd')).rejects.toThrow(/expected a SHA-256/);
  });

  it('cannot be put where there is no folder to be', async () => {
    const { originals, hash, path } = await kept();
    rmSync(join(path, '..'), { recursive: true });
    writeFileSync(join(path, '..'), 'a file in the way');
    await expect(originals.put(bytes, hash)).rejects.toThrow();
  });
});
