import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../engine/collection/calibrate/calibration.js';
import { hitJudge } from '../../../engine/collection/judge-hits.js';
import type { FoundImage } from '../../../engine/collection/image-search.js';
import type { ResolvedPart } from '../../../engine/collection/query.js';

const MODEL = {
  withHash: { bias: -5, weights: [10, -8, 0] },
  cosineOnly: { bias: -8, weights: [10] },
  minLogit: { withHash: 0, cosineOnly: 0 },
  similarCosine: 0.6,
};
const epoch = (model?: typeof MODEL) => ({
  learned: {
    read: () => Promise.resolve(model === undefined ? undefined : ({ model } as Calibration)),
  } as never,
});
const query = (hashes: object): ResolvedPart => ({
  kind: 'resolved',
  vector: Float32Array.of(1),
  facts: { kind: 'image', ...hashes },
  timings: {},
});
const hit = (score: number, hashes: object) => ({ record: { id: 'a', ...hashes }, score }) as FoundImage;
const verdictsOf = async (model: typeof MODEL | undefined, hashes: object, hits: FoundImage[]) =>
  hits.map(await hitJudge(epoch(model), [query(hashes)], undefined)).map(({ verdict }) => verdict);

describe('hitJudge', () => {
  it('compares bytes, hashes and cosine of each hit with the query', async () => {
    const asked = { contentHash: 'c', perceptualHash: '0'.repeat(16) };
    const hits = [
      hit(0.2, { contentHash: 'c' }),
      hit(1, { contentHash: 'd', perceptualHash: '0'.repeat(16) }),
      hit(0.9, { contentHash: 'd', perceptualHash: '0'.repeat(15) + 'f' }),
      hit(0.85, { contentHash: 'd' }),
      hit(0.7, { contentHash: 'd' }),
      hit(0.1, { contentHash: 'd', perceptualHash: 'f'.repeat(16) }),
    ];
    expect(await verdictsOf(MODEL, asked, hits)).toEqual([
      ...['identical', 'identical', 'near-duplicate', 'near-duplicate'],
      ...['similar', 'weak'],
    ]);
  });

  it('tells identical alone without a calibration', async () => {
    const hits = [hit(0.2, { contentHash: 'c' }), hit(0.99, { contentHash: 'd' })];
    expect(await verdictsOf(undefined, { contentHash: 'c' }, hits)).toEqual(['identical', undefined]);
  });

  it('does not take two unknown hashes for the same', async () => {
    expect(await verdictsOf(undefined, {}, [hit(1, {})])).toEqual([undefined]);
  });

  it('has no verdict on the mean of several queries', async () => {
    const judge = await hitJudge(epoch(MODEL), [query({}), query({})], undefined);
    expect(judge(hit(1, {}))).toEqual(hit(1, {}));
    await expect(hitJudge(epoch(MODEL), [query({}), query({})], 'similar')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('refuses a floor that only a calibration can tell', async () => {
    await expect(hitJudge(epoch(), [query({})], 'similar')).rejects.toMatchObject({ code: 'not_calibrated' });
    await hitJudge(epoch(), [query({})], 'identical');
  });
});
