import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../engine/collection/gate.js';
import { TaskChain } from '../../../engine/collection/task-chain.js';

describe('Gate', () => {
  it('lets many pass at once', async () => {
    const gate = new Gate();
    let inside = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside -= 1;
    };
    await Promise.all([gate.pass(task), gate.pass(task), gate.pass(task)]);
    expect(most).toBe(3);
  });

  it('runs alone after those before and ahead of those behind', async () => {
    const gate = new Gate();
    const order: string[] = [];
    const note = (name: string, ms: number) => async () => {
      order.push(`${name} in`);
      await sleep(ms);
      order.push(`${name} out`);
    };
    await Promise.all([gate.pass(note('a', 20)), gate.alone(note('b', 10)), gate.pass(note('c', 0))]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('goes on after a task that failed, and hands its error on', async () => {
    const gate = new Gate();
    await expect(gate.pass(() => Promise.reject(new Error('one')))).rejects.toThrow('one');
    await expect(gate.alone(() => Promise.reject(new Error('two')))).rejects.toThrow('two');
    await expect(gate.pass(() => Promise.resolve(3))).resolves.toBe(3);
  });
});

describe('TaskChain', () => {
  it('runs one at a time in order, past failures', async () => {
    const chain = new TaskChain();
    const order: number[] = [];
    const failing = chain.run(async () => {
      await sleep(10);
      order.push(1);
      throw new Error('first');
    });
    const second = chain.run(() => Promise.resolve(order.push(2)));
    await expect(failing).rejects.toThrow('first');
    await second;
    expect(order).toEqual([1, 2]);
  });
});
