import { expect, it } from 'vitest';
import { GroupCommit } from '../../../engine/store/group-commit.js';

/** A queue whose commits note how many writes they were. */
function notedQueue(): { queue: GroupCommit; groups: number[] } {
  const groups: number[] = [];
  const queue = new GroupCommit((writes) => {
    groups.push(writes.length);
    return writes.map((write) => ({ status: 'fulfilled', value: write() }));
  });
  return { queue, groups };
}

it('commits together what comes in one turn, at most 500 at a time, in order', async () => {
  const { queue, groups } = notedQueue();
  const settled: number[] = [];
  const all = Array.from({ length: 1200 }, (_, i) => queue.add(() => i).then((value) => settled.push(value)));
  expect(groups).toEqual([]);
  await Promise.all(all);
  expect(groups).toEqual([500, 500, 200]);
  expect(settled).toEqual(Array.from({ length: 1200 }, (_, i) => i));
});

it('flushes at once when told, and has nothing left for later', async () => {
  const { queue, groups } = notedQueue();
  const write = queue.add(() => 'x');
  queue.flush();
  expect(groups).toEqual([1]);
  expect(await write).toBe('x');
  await new Promise((resolve) => setImmediate(resolve));
  expect(groups).toEqual([1]);
});
