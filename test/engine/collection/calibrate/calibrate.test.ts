import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../../../engine/collection/calibrate/calibrate.js';
import { openTestEngine, putVector, type TestEngine } from '../../../support/engine.js';
import { drawPicture } from '../../../support/pictures.js';
import { randomUnit, seededRandom } from '../../../support/vectors.js';

let test: TestEngine;

beforeAll(async () => {
  test = await openTestEngine();
  const collection = test.engine.get('default');
  for (let i = 0; i < 50; i++) await collection.put({ id: `image ${i}`, bytes: await drawPicture(i) });
});
afterAll(() => test.close());

describe('calibrate', () => {
  it('is kept with the epoch, told of, and gives each hit a verdict and a probability', async () => {
    const collection = test.engine.get('default');
    const progress: number[] = [];
    const facts = await calibrate(collection, { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(50);
    expect(facts).toMatchObject({ images: 50, sequence: 50 });
    expect(facts.measured).toMatchObject({
      editedCopies: 15 * 10,
      unseenRecall: { grey: expect.any(Number) as number },
    });
    const reopened = (await test.reopen()).get('default');
    expect((await reopened.info()).calibration).toEqual(facts);
    const picture = { kind: 'image' as const, bytes: await drawPicture(3) };
    const { hits, belowThreshold } = await reopened.search({ queries: [picture], k: 10 });
    expect(hits[0]).toMatchObject({ record: { id: 'image 3' }, verdict: 'identical', probability: 1 });
    expect(hits.every(({ verdict, probability }) => verdict !== undefined && probability !== undefined)).toBe(true);
    expect(belowThreshold).toBe(0);
  });

  it('lets searches leave out what is below a verdict, and say how much', async () => {
    const request = { queries: [{ kind: 'id' as const, id: 'image 5' }], k: 10 };
    const { hits, belowThreshold } = await test.engine.get('default').search({ ...request, minVerdict: 'identical' });
    expect([hits.length, belowThreshold]).toEqual([0, 10]);
  });

  it('refuses a collection that is too small, or whose originals are not kept', async () => {
    const small = await test.engine.create('small');
    await small.put({ id: 'one', bytes: await drawPicture(1) });
    await expect(calibrate(small)).rejects.toMatchObject({ code: 'too_few_images', details: { count: 1 } });
    await expect(
      small.search({ queries: [{ kind: 'id', id: 'one' }], k: 1, minVerdict: 'similar' }),
    ).rejects.toMatchObject({ code: 'not_calibrated' });
    const random = seededRandom(1);
    for (let i = 0; i < 60; i++) await putVector(small, `vector ${i}`, randomUnit(256, random));
    await expect(calibrate(small)).rejects.toMatchObject({ code: 'too_few_images' });
  });
});
