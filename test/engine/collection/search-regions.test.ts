import { describe, expect, it, onTestFinished } from 'vitest';
import { picturePlaces } from '../../../engine/collection/picture-places.js';
import { openTestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';

describe('a search by regions', () => {
  it('grows each by its context, tells them in oriented pixels and combines them', { timeout: 60_000 }, async () => {
    const test = await openTestEngine();
    onTestFinished(() => test.close());
    const collection = test.engine.get('default');
    const bytes = await drawPicture(1, { width: 160, height: 120 });
    await collection.put({ id: 'a', bytes });
    const regions = [
      { x: 0, y: 0, width: 0.5, height: 1 },
      { x: 80, y: 60, width: 40, height: 20 },
    ];
    const places = picturePlaces({ regions, context: 0.25 });
    const queries = places.map((place) => ({ kind: 'image' as const, bytes, ...place }));
    const answer = await collection.search({ queries, k: 1 });
    expect(answer.queries.map(({ region }) => region)).toEqual([
      { x: 0, y: 0, width: 100, height: 120 },
      { x: 70, y: 55, width: 60, height: 30 },
    ]);
    const [left, right] = await Promise.all(places.map((place) => collection.describe(bytes, place)));
    const { vector: whole } = await collection.describe(bytes);
    const sum = left!.vector.map((value, i) => value + right!.vector[i]!);
    const dot = sum.reduce((total, value, i) => total + value * whole[i]!, 0);
    expect(answer.hits[0]!.score).toBeCloseTo(dot / Math.hypot(...sum), 4);
  });
});
