import { expect, it } from 'vitest';
import { runConcurrently } from '../../scripts/run-concurrently.js';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('runs every item once, so many at a time', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  async function* numbers(): AsyncGenerator<number> {
    for (let i = 0; i < 10; i++) yield await Promise.resolve(i);
  }
  await runConcurrently(numbers(), 3, async (i) => {
    most = Math.max(most, ++running);
    await wait(2);
    running -= 1;
    done.push(i);
  });
  expect(done.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});

it('throws the failure once all is still, takes no more, and closes the generator', async () => {
  const ended: number[] = [];
  let closed = false;
  function* numbers(): Generator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  const running = runConcurrently(numbers(), 2, async (i) => {
    if (i === 1) throw new Error('one');
    await wait(10);
    ended.push(i);
  });
  await expect(running).rejects.toThrow('one');
  expect(ended).toEqual([0]);
  expect(closed).toBe(true);
});
