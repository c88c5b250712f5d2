import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../engine/map-concurrently.js';

describe('mapConcurrently', () => {
  it('keeps the order and the limit', async () => {
    let [running, most] = [0, 0];
    const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (turns) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < turns; i++) await turn();
      running -= 1;
      return turns * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('starts nothing after a failure', async () => {
    const started: number[] = [];
    const failing = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      await turn();
      if (item === 1) throw new Error('one');
      await turn();
    });
    await expect(failing).rejects.toThrow('one');
    await turn();
    await turn();
    expect(started).toEqual([1, 2]);
  });
});
