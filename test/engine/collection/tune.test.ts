import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { tune, type TuneOptions } from '../../../engine/collection/tune.js';
import { verifyCollection } from '../../../engine/collection/verify.js';
import { addShortModel, openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';
import { dot, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const CLASSES = 10;
const EACH = 6;
const IDS = Array.from({ length: CLASSES * EACH }, (_, i) => `k${i % CLASSES}-${Math.floor(i / CLASSES)}`);
let test: TestEngine;
let collection: Collection;
const ASKED: TuneOptions = { from: 'labels', label: 'kind', folds: 4, holdOut: 'images', dryRun: false, revert: false };
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

/** Classes differ in the first 8 numbers; the rest is louder and says nothing. */
async function putClasses(count = CLASSES): Promise<void> {
  const random = seededRandom(2);
  const { dimension } = collection.epoch.model.manifest;
  const puts: Promise<number>[] = [];
  for (let kind = 0; kind < count; kind++) {
    const centre = randomUnit(8, random);
    for (let i = 0; i < EACH; i++) {
      const vector = randomUnit(dimension, random).map((value, k) => (k < 8 ? 0.1 * value + 0.3 * centre[k]! : value));
      puts.push(putVector(collection, `k${kind}-${i}`, toUnit(vector), { kind: `kind ${kind}` }));
    }
  }
  await Promise.all(puts);
}

beforeAll(async () => {
  test = await openTestEngine();
  await addShortModel(test.dataDir, 32);
});
beforeEach(async () => {
  collection = await test.engine.create('short', { model: 'short' });
});
afterEach(() => test.engine.delete('short'));
afterAll(() => test.close());

describe('tune', () => {
  it('puts behind the chain what held-out queries gain by; new pictures and old go through the same, bit for bit', async () => {
    await putClasses();
    const bytes = await drawPicture(1);
    await collection.put({ id: 'picture', bytes });
    const before = await collection.info();
    const old = await collection.epoch.store.descriptorOf('k1-0');
    const running = tune(collection, ASKED);
    await collection.put({ id: 'late', bytes: await drawPicture(2) });
    await collection.delete('k0-0');
    await collection.patchMetadata('k3-1', { late: true });
    const report = await running;
    const after = await collection.info();
    expect(report).toMatchObject({ from: before.fingerprint, to: after.fingerprint, dropped: [], resumed: false });
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(after.sequence).toBeGreaterThan(before.sequence);
    expect(after.images).toBe(CLASSES * EACH + 1);
    expect(after.tuning).toMatchObject({ from: 'labels', label: 'kind', base: before.fingerprint });
    expect(after.tuning!.after).toBeGreaterThan(after.tuning!.before);
    expect(report.estimate!.winner).toBe(after.tuning!.candidate);
    expect((await collection.get('k3-1')).metadata).toEqual({ kind: 'kind 3', late: true });
    // the image from before the tuning, and the one that came meanwhile
    for (const [id, seed] of [
      ['picture', 1],
      ['late', 2],
    ] as const) {
      const { vector } = await collection.describe(await drawPicture(seed));
      expect((await collection.epoch.store.descriptorOf(id)).vector).toEqual(vector);
    }
    const { vector } = await collection.epoch.store.descriptorOf('k1-0');
    expect(vector.length).toBe(after.dimension);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
    expect(vector).not.toEqual(old.vector);
    const { hits } = await collection.search({
      queries: [{ kind: 'id', id: 'k1-0' }],
      k: 3,
      minSequence: after.sequence,
    });
    expect(hits).toHaveLength(3);
    expect((await verifyCollection(collection, { repair: false })).filter(({ part }) => part !== 'original')).toEqual(
      [],
    );
    await test.reopen();
    expect(await test.engine.get('short').info()).toMatchObject({
      fingerprint: after.fingerprint,
      tuning: after.tuning!,
    });
  });

  it('writes nothing where nothing gains, and nothing when run dry', async () => {
    const random = seededRandom(4);
    const { dimension } = collection.epoch.model.manifest;
    const random60 = Array.from({ length: 60 }, () => randomUnit(dimension, random));
    await Promise.all(random60.map((vector, i) => putVector(collection, `r${i}`, vector, { kind: i % 10 })));
    const report = await tune(collection, ASKED);
    expect(report.estimate!.winner).toBeUndefined();
    expect(report.from).toBe(report.to);
    await putClasses();
    const { fingerprint } = await collection.info();
    const dry = await tune(collection, { ...ASKED, dryRun: true });
    expect(dry.to).toBe(fingerprint);
    expect((await collection.info()).tuning).toBeUndefined();
  });

  it('goes on where an interrupted run was, with what that had learned', async () => {
    await putClasses();
    const stop = new AbortController();
    let candidates = 0;
    const onProgress = (done: number, total: number) => {
      if (total < 30) candidates = total;
      else if (done === 20) stop.abort(new Error('stopped'));
    };
    await expect(tune(collection, { ...ASKED, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(candidates).toBeGreaterThan(1);
    expect((await collection.info()).tuning).toBeUndefined();
    await test.reopen();
    collection = test.engine.get('short');
    // other labels would teach something else by now; what was begun is what is finished
    await collection.delete('k2-2');
    const seen: number[] = [];
    const report = await tune(collection, { ...ASKED, onProgress: (_, total) => seen.push(total) });
    expect(report).toMatchObject({ resumed: true, images: CLASSES * EACH - 1 });
    expect(seen).not.toContain(candidates);
    expect((await collection.info()).tuning).toBeDefined();
  });

  it('goes back to where it was by reading the pictures again', async () => {
    for (let seed = 0; seed < 6; seed++)
      await collection.put({ id: `p${seed}`, bytes: await drawPicture(seed), metadata: { kind: 'drawn' } });
    await putClasses();
    const { fingerprint } = await collection.info();
    await tune(collection, ASKED);
    const tuned = await collection.info();
    await expect(tune(collection, { ...ASKED, revert: true })).rejects.toThrow(code('original_not_available'));
    await Promise.all(IDS.map((id) => collection.delete(id)));
    expect((await collection.info()).fingerprint).toBe(tuned.fingerprint);
    const report = await tune(collection, { ...ASKED, revert: true });
    expect(report).toMatchObject({ from: tuned.fingerprint, to: fingerprint, images: 6 });
    expect((await collection.info()).tuning).toBeUndefined();
    const { vector } = await collection.describe(await drawPicture(3));
    expect((await collection.epoch.store.descriptorOf('p3')).vector).toEqual(vector);
    await expect(tune(collection, { ...ASKED, revert: true })).rejects.toThrow(code('invalid_request'));
  });

  it('says how much it needs to learn from', async () => {
    await putClasses(3);
    await expect(tune(collection, ASKED)).rejects.toThrow(code('too_few_examples'));
    await putClasses();
    await expect(tune(collection, { ...ASKED, label: 'colour' })).rejects.toThrow(code('too_few_examples'));
    const feedback: TuneOptions = { from: 'feedback', folds: 4, holdOut: 'classes', dryRun: false, revert: false };
    await expect(tune(collection, feedback)).rejects.toThrow(code('too_few_examples'));
  });

  it('is not started beside a re-embedding, which fills the same epoch', async () => {
    await putClasses();
    collection.startTune(ASKED);
    expect(() => collection.startReembed({ model: 'first' })).toThrow(code('job_running'));
  });
});

describe('tune from feedback', () => {
  /** Searches by each image, and clicks those of its kind among the first hits. */
  async function clickOn(queries: readonly string[]): Promise<void> {
    const { sequence } = await collection.info();
    for (const id of queries) {
      const { queryId, hits } = await collection.search({
        queries: [{ kind: 'id', id }],
        k: 30,
        minSequence: sequence,
      });
      const shown = hits.map(({ record }) => record.id);
      const clicked = shown.filter((other) => other.split('-')[0] === id.split('-')[0]);
      await collection.addFeedback({ queryId: queryId!, shown, clicked });
    }
  }
  const asked: TuneOptions = { from: 'feedback', folds: 5, holdOut: 'classes', dryRun: false, revert: false };

  it('learns from what was chosen, and keeps what was learned from of use behind the new chain', async () => {
    await putClasses();
    await clickOn(IDS);
    const report = await tune(collection, asked);
    expect(report.estimate!.winner).toBeDefined();
    expect(report.estimate!.counts.answers).toBeGreaterThan(50);
    expect((await collection.info()).tuning).toMatchObject({ from: 'feedback', base: report.from });
    // the feedback's queries are of the chain before; they still can be learned from
    const again = await tune(collection, { ...asked, dryRun: true });
    expect(again.estimate!.counts).toEqual(report.estimate!.counts);
  });

  it('passes over images that are gone, and needs enough that are left', async () => {
    await putClasses();
    await clickOn(IDS);
    await Promise.all(IDS.slice(0, 55).map((id) => collection.delete(id)));
    await expect(tune(collection, asked)).rejects.toThrow(code('too_few_examples'));
  });
});
