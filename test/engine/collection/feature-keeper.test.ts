import { describe, expect, it } from 'vitest';
import type { ClassicalThread } from '../../../engine/classical/classical-thread.js';
import type { PackedFeatures } from '../../../engine/classical/matching/packed-features.js';
import { FeatureKeeper } from '../../../engine/collection/feature-keeper.js';
import { drawPicture } from '../../support/pictures.js';

const limits = { maxBytes: 1e7, maxPixels: 1e7, timeoutMs: 5000 };
const found = { width: 1, height: 1, dimension: 1 } as PackedFeatures;
const classical = { features: () => Promise.resolve(found) } as unknown as ClassicalThread;

function keeper(maxPictures: number) {
  const kept = new FeatureKeeper({ classical, limits }, maxPictures);
  const reads: string[] = [];
  const ask = (key: string) =>
    kept.features(key, () => {
      reads.push(key);
      return drawPicture(1);
    });
  return { kept, reads, ask };
}

describe('FeatureKeeper', () => {
  it('reads each picture once, also for those who ask at the same time', async () => {
    const { reads, ask } = keeper(5);
    await Promise.all([ask('a'), ask('a'), ask('b')]);
    await ask('a');
    expect(reads).toEqual(['a', 'b']);
  });

  it('lets go of what was not used for longest', async () => {
    const { kept, reads, ask } = keeper(2);
    await ask('a');
    await ask('b');
    await kept.recall('a');
    await ask('c');
    expect(kept.recall('b')).toBeUndefined();
    await ask('a');
    expect(reads).toEqual(['a', 'b', 'c']);
  });

  it('keeps no failure', async () => {
    const { kept, ask } = keeper(2);
    await expect(kept.features('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await ask('a')).toBe(found);
  });
});
