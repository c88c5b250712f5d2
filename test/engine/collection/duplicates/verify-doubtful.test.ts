import { describe, expect, it, onTestFinished } from 'vitest';
import sharp from 'sharp';
import { findDuplicates } from '../../../../engine/collection/duplicates/find-duplicates.js';
import { verifyDoubtful } from '../../../../engine/collection/duplicates/verify-doubtful.js';
import { GeometricVerifier } from '../../../../engine/collection/geometric-verifier.js';
import type { PairModel } from '../../../../engine/duplicates/pair-model.js';
import { openTestEngine } from '../../../support/engine.js';
import { texturedPicture } from '../../../support/textured.js';

const { signal } = new AbortController();
const pair = (name: string, verdict: 'weak' | 'similar' | 'near-duplicate') => ({ name, verdict, probability: 0.25 });
const ids = ({ name }: { name: string }) => [`${name}1`, `${name}2`] as const;

describe('verifyDoubtful', () => {
  it('calls a similar pair a near-duplicate from 12 inliers on, and leaves all others', async () => {
    const asked: string[] = [];
    const inliers = (a: string, b: string) => {
      asked.push(`${a} ${b}`);
      return Promise.resolve({ few: 11, enough: 12 }[a.slice(0, -1)] ?? 99);
    };
    const pairs = [
      pair('far', 'weak'),
      pair('few', 'similar'),
      pair('enough', 'similar'),
      pair('known', 'near-duplicate'),
    ];
    expect(await verifyDoubtful(pairs, ids, { inliers, signal })).toEqual([
      ...pairs.slice(0, 2),
      { name: 'enough', verdict: 'near-duplicate', probability: 0.25, inliers: 12 },
      pairs[3],
    ]);
    expect(asked).toEqual(['few1 few2', 'enough1 enough2']);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('stop'));
    const inliers = () => Promise.resolve(0);
    await expect(verifyDoubtful([pair('a', 'similar')], ids, { inliers, signal: stopped })).rejects.toThrow('stop');
  });
});

it('finds a crop by its key points, and nothing where an original is gone', { timeout: 60_000 }, async () => {
  const test = await openTestEngine();
  onTestFinished(() => test.close());
  const collection = test.engine.get('default');
  const whole = await texturedPicture(1);
  const crop = await sharp(whole).extract({ left: 40, top: 30, width: 150, height: 150 }).png().toBuffer();
  await collection.put({ id: 'whole', bytes: whole });
  await collection.put({ id: 'crop', bytes: crop });
  await collection.put({ id: 'other', bytes: await texturedPicture(2) });
  const { sequence } = await collection.epoch.store.info();
  await collection.epoch.index.reach(sequence, 5000);
  // everything is similar, and nothing a near-duplicate by itself
  const never = { bias: -1000, weights: [0, 0, 0] };
  const model: PairModel = {
    withHash: never,
    cosineOnly: { bias: -1000, weights: [0] },
    minLogit: { withHash: 0, cosineOnly: 0 },
    similarCosine: -1,
  };
  const wanted = { floor: 'near-duplicate' as const, model, signal };
  expect(await findDuplicates(collection.epoch, wanted)).toEqual([]);
  const verifier = new GeometricVerifier(collection.originals, collection.services);
  const inliers = (a: string, b: string) => verifier.inliersBetween(collection.epoch.store, [a, b]);
  const groups = await findDuplicates(collection.epoch, { ...wanted, inliers });
  expect(groups.map((group) => group.ids)).toEqual([['crop', 'whole']]);
  expect(groups[0]!.pairs[0]!.inliers).toBeGreaterThanOrEqual(12);
  expect(await inliers('crop', 'gone')).toBe(0);
});
