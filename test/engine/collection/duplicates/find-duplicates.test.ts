import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../../engine/collection/collection.js';
import { findDuplicates } from '../../../../engine/collection/duplicates/find-duplicates.js';
import { evidenceOf } from '../../../../engine/collection/judge-hits.js';
import { connectedGroups } from '../../../../engine/duplicates/connected-groups.js';
import { judgePair, type PairModel } from '../../../../engine/duplicates/pair-model.js';
import { isAtLeast } from '../../../../engine/duplicates/verdict.js';
import type { ImagePage } from '../../../../engine/store/store.js';
import { openTestEngine, type TestEngine } from '../../../support/engine.js';
import { dot, near, randomUnit, seededRandom } from '../../../support/vectors.js';

/** A near-duplicate is a cosine of 0.9 with equal hashes; 16 bits more ask for a cosine of 0.95. */
const MODEL: PairModel = {
  withHash: { bias: -90, weights: [100, -20, 0] },
  cosineOnly: { bias: -97, weights: [100] },
  minLogit: { withHash: 0, cosineOnly: 0 },
  similarCosine: 0.5,
};
const signal = new AbortController().signal;

let test: TestEngine;
let collection: Collection;

/** 40 subjects of up to 4 images: some of the same bytes, the same descriptor, a near one, or without a hash. */
async function fill(random: () => number): Promise<void> {
  const { fingerprint, manifest } = collection.epoch.model;
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  for (let subject = 0; subject < 40; subject++) {
    const centre = randomUnit(manifest.dimension, random);
    const [hash, content] = [hex(16), hex(64)];
    for (let copy = 0; copy < 4; copy++) {
      const kind = Math.floor(random() * 4);
      const descriptor = kind < 2 ? centre : near(centre, [0, 0, 0.3, 0.6][kind]!, random);
      const perceptualHash = [hash, undefined, hash.slice(0, 14) + hex(2), hex(16)][kind];
      const contentHash = kind === 0 && random() < 0.5 ? content : hex(64);
      await collection.putDescribed(
        {
          ...{ id: `${hex(4)}/${subject}-${copy}`, contentHash, width: 10, height: 10, format: 'jpeg', bytes: 100 },
          ...{ perceptualHash, metadata: {}, source: { kind: 'upload' }, descriptor },
        },
        fingerprint,
      );
    }
  }
}

/** Every image compared with every other one. */
async function bruteForce(floor: 'identical' | 'near-duplicate', model: PairModel | undefined): Promise<string[][]> {
  const page: ImagePage = await collection.epoch.store.imagePage(0, 1000);
  const dimension = page.vectors.length / page.records.length;
  const vectors = page.records.map((_, row) => page.vectors.slice(row * dimension, (row + 1) * dimension));
  const links = page.records.flatMap((one, a) =>
    page.records.flatMap((other, b): [number, number][] => {
      const cosine = page.nodes[a] === page.nodes[b] ? 1 : dot(vectors[a]!, vectors[b]!);
      const found = a < b ? judgePair(evidenceOf(one, other, cosine), model) : undefined;
      return found !== undefined && isAtLeast(found.verdict, floor) ? [[a, b]] : [];
    }),
  );
  const groups = connectedGroups(page.records.length, links).map((group) => group.map((row) => page.records[row]!.id));
  return groups.map((ids) => ids.sort()).sort((x, y) => (x[0]! < y[0]! ? -1 : 1));
}

beforeAll(async () => {
  test = await openTestEngine();
  collection = test.engine.get('default');
  await fill(seededRandom(7));
});
afterAll(() => test.close());

describe('findDuplicates', () => {
  it.each(['identical', 'near-duplicate'] as const)(
    'finds the groups that comparing each with each finds: %s',
    async (floor) => {
      const expected = await bruteForce(floor, MODEL);
      const found = await findDuplicates(collection.epoch, { floor, model: MODEL, signal });
      expect(expected.length).toBeGreaterThan(5);
      expect(found.map(({ ids }) => ids)).toEqual(expected);
    },
  );

  it('needs no model for identical images', async () => {
    const found = await findDuplicates(collection.epoch, { floor: 'identical', model: undefined, signal });
    expect(found.map(({ ids }) => ids)).toEqual(await bruteForce('identical', undefined));
    expect(found.every(({ verdict }) => verdict === 'identical')).toBe(true);
  });

  it('says of each group what links it, and calls it by the loosest of its pairs', async () => {
    const found = await findDuplicates(collection.epoch, { floor: 'near-duplicate', model: MODEL, signal });
    for (const { ids, pairs, verdict } of found) {
      const places = new Map(ids.map((id, place) => [id, place]));
      const links = pairs.map(({ a, b }): [number, number] => [places.get(a)!, places.get(b)!]);
      expect(connectedGroups(ids.length, links)).toHaveLength(1);
      expect(verdict === 'identical').toBe(pairs.every((pair) => pair.verdict === 'identical'));
    }
    expect(new Set(found.map(({ verdict }) => verdict)).size).toBe(2);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('stop'));
    await expect(
      findDuplicates(collection.epoch, { floor: 'identical', model: undefined, signal: stopped }),
    ).rejects.toThrow('stop');
  });
});

describe('pages of duplicates', () => {
  it('follow each other without gaps, also where images go between two of them', async () => {
    const expected = await bruteForce('identical', undefined);
    const first = await collection.duplicates({ verdict: 'identical', limit: 3 });
    expect(first.groups.map(({ images }) => images.map(({ id }) => id))).toEqual(expected.slice(0, 3));
    const gone = expected[4]!;
    for (const id of gone.slice(1)) await collection.delete(id);
    const second = await collection.duplicates({ verdict: 'identical', limit: 1000, after: first.next! });
    expect(second.sequence).toBe(first.sequence);
    expect(second.groups.map(({ images }) => images[0]!.id)).toEqual(
      [...expected.slice(3, 4), ...expected.slice(5)].map(([id]) => id),
    );
    expect(second.next).toBeUndefined();
    const { sequence } = await collection.epoch.store.info();
    await collection.epoch.index.reach(sequence, 5000);
    expect((await collection.duplicates({ verdict: 'identical', limit: 1 })).sequence).toBe(sequence);
  });

  it('of near-duplicates need a calibration', async () => {
    await expect(collection.duplicates({ verdict: 'near-duplicate', limit: 10 })).rejects.toMatchObject({
      code: 'not_calibrated',
    });
  });
});
