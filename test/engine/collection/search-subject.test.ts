import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';

/** A picture with structure at 200,100 on a plain ground of 400 x 200. */
async function onPlainGround(): Promise<Buffer> {
  const part = await drawPicture(3, { width: 100, height: 100 });
  const ground = { create: { width: 400, height: 200, channels: 3 as const, background: '#d8d8d8' } };
  return sharp(ground)
    .composite([{ input: part, left: 250, top: 50 }])
    .png()
    .toBuffer();
}

describe('a search by the subject of its picture', { timeout: 60_000 }, () => {
  it('is a search by the region of the best, and tells all that were found; asked again as well', async () => {
    const test = await openTestEngine({ model: 'small-bn-2' });
    onTestFinished(() => test.close());
    const collection = test.engine.get('default');
    await collection.put({ id: 'a', bytes: await drawPicture(3) });
    const bytes = await onPlainGround();
    const { subjects, facts } = await collection.findSubjects(bytes);
    expect(facts).toMatchObject({ width: 400, height: 200 });
    const [best] = subjects;
    // most of the box lies on the part that has structure
    const { x, width } = best!.box;
    expect(Math.min(350, x + width) - Math.max(250, x)).toBeGreaterThan(width / 2);
    const query = { kind: 'image' as const, bytes, subject: 'auto' as const };
    const answer = await collection.search({ queries: [query], k: 1 });
    expect(answer.queries).toMatchObject([
      { kind: 'image', width: 400, height: 200, orientation: 1, region: best!.box },
    ]);
    expect(answer.subjects).toEqual(subjects.map((subject) => ({ ...subject, used: subject === best, query: 0 })));
    const same = { kind: 'image' as const, bytes, region: best!.box };
    const byRegion = await collection.search({ queries: [same], k: 1 });
    expect(answer.hits[0]!.score).toBeCloseTo(byRegion.hits[0]!.score, 6);
    expect(byRegion).not.toHaveProperty('subjects');
    const again = await collection.searchAgain(answer.queryId!, {});
    expect(again.subjects).toEqual(answer.subjects);
  });

  it('is a search by all of the picture where nothing stands out', async () => {
    const test = await openTestEngine();
    onTestFinished(() => test.close());
    const collection = test.engine.get('default');
    const find = collection.epoch.subjects;
    find.find = () => Promise.resolve({ subjects: [], facts: {} as never, timings: {} });
    const bytes = await drawPicture(3);
    await collection.put({ id: 'a', bytes });
    const query = { kind: 'image' as const, bytes, subject: 'auto' as const };
    const answer = await collection.search({ queries: [query], k: 1 });
    expect(answer.subjects).toEqual([]);
    expect(answer.queries[0]).not.toHaveProperty('region');
    expect(answer.hits[0]!.score).toBeCloseTo(1, 5);
  });
});
