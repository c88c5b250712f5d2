import { BroadcastChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Extractor } from '../../engine/extractor.js';
import { cpuQuota } from '../../engine/threads/cpu-quota.js';
import type { Pixels } from '../../engine/types.js';
import { thrownBy } from './model/fixtures.js';

vi.mock('../../engine/threads/worker-url.js', () => ({
  workerUrl: () => new URL('./gated-extract-worker.mjs', import.meta.url),
}));

const pixels = (): Pixels => ({ width: 1, height: 1, data: new Uint8Array(3) });

function newExtractor(threads: number): Extractor {
  const extractor = new Extractor({ threads });
  onTestFinished(async () => {
    openGate();
    await extractor.close();
  });
  return extractor;
}

/** Lets every thread that is up answer what it holds, and what comes later. */
function openGate(): void {
  const gate = new BroadcastChannel('gate-');
  gate.postMessage('open');
  gate.close();
}

/** Sends a picture that its thread answers at once. @returns the thread's number. */
async function threadOf(extractor: Extractor, model = 'free'): Promise<number> {
  return (await extractor.describe(model, pixels())).descriptor[0]!;
}

describe('Extractor', () => {
  it('has as many threads as the CPU quota, unless told', () => {
    expect(new Extractor().stats).toEqual({ queued: 0, running: 0, threads: cpuQuota() });
    expect(new Extractor({ threads: 0 }).stats.threads).toBe(cpuQuota());
    expect(new Extractor({ threads: 3 }).stats.threads).toBe(3);
  });

  it('sends two pictures to each thread and keeps the rest, all of which are described', async () => {
    const extractor = newExtractor(2);
    await Promise.all([threadOf(extractor), threadOf(extractor)]);
    const results = Array.from({ length: 7 }, () => threadOf(extractor, 'gated'));
    expect(extractor.stats).toEqual({ queued: 3, running: 4, threads: 2 });
    openGate();
    expect(new Set(await Promise.all(results)).size).toBe(2);
    expect(extractor.stats).toEqual({ queued: 0, running: 0, threads: 2 });
  });

  it('serves first come first', async () => {
    const extractor = newExtractor(1);
    await threadOf(extractor);
    const order: number[] = [];
    const results = Array.from({ length: 5 }, (_, i) => threadOf(extractor, 'gated').then(() => order.push(i)));
    openGate();
    await Promise.all(results);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('drops a waiting picture whose request was aborted, and only that', async () => {
    const extractor = newExtractor(1);
    await threadOf(extractor);
    const controllers = Array.from({ length: 4 }, () => new AbortController());
    const results = controllers.map(({ signal }) => extractor.describe('gated', pixels(), { signal }));
    const [running, , dropped, kept] = controllers;
    running!.abort(new Error('too late'));
    dropped!.abort(new Error('client left'));
    await expect(results[2]).rejects.toThrow('client left');
    expect(extractor.stats).toMatchObject({ queued: 1, running: 2 });
    openGate();
    await Promise.all([results[0], results[1], results[3]]);
    kept!.abort();
  });

  it('refuses a request that was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    const extractor = newExtractor(1);
    await expect(extractor.describe('free', pixels(), { signal })).rejects.toThrow('gone');
    expect(extractor.stats).toMatchObject({ queued: 0, running: 0 });
  });

  it('fails what a crashed thread held, and goes on with a new one', async () => {
    const extractor = newExtractor(1);
    const before = await threadOf(extractor);
    const crashing = ['exit', 'free'].map((model) => thrownBy(() => extractor.describe(model, pixels())));
    const waiting = threadOf(extractor);
    expect((await Promise.all(crashing)).map(({ code }) => code)).toEqual(['worker_crashed', 'worker_crashed']);
    expect(await waiting).not.toBe(before);
  });

  it('drops a model by new threads, losing nothing', async () => {
    const extractor = newExtractor(1);
    const before = await threadOf(extractor);
    const begun = [threadOf(extractor, 'gated'), threadOf(extractor, 'gated')];
    const waiting = threadOf(extractor);
    const dropped = extractor.drop('gated');
    openGate();
    expect(await Promise.all(begun)).toEqual([before, before]);
    expect(await waiting).not.toBe(before);
    await dropped;
  });

  it('keeps its threads when a model is dropped that it never had', async () => {
    const extractor = newExtractor(1);
    const before = await threadOf(extractor);
    await extractor.drop('other');
    expect(await threadOf(extractor)).toBe(before);
  });

  it('finishes what has begun when it closes, and fails the rest', async () => {
    const extractor = newExtractor(1);
    await threadOf(extractor);
    const begun = [threadOf(extractor, 'gated'), threadOf(extractor, 'gated')];
    const waiting = thrownBy(() => extractor.describe('gated', pixels()));
    const closed = extractor.close();
    expect((await waiting).code).toBe('shutting_down');
    openGate();
    await Promise.all([...begun, closed]);
    expect((await thrownBy(() => extractor.describe('free', pixels()))).code).toBe('shutting_down');
    expect((await thrownBy(() => extractor.open('free'))).code).toBe('shutting_down');
  });
});
