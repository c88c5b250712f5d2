import { describe, expect, it } from 'vitest';
import { World } from '../../scripts/soak/world.js';
import type { ImageRecord } from '../../engine/types.js';

const image = (contentHash: string, metadata = {}) => ({ contentHash, look: 'any', metadata });
const record = (id: string, contentHash: string, metadata = {}) =>
  ({ id, contentHash, metadata }) as unknown as ImageRecord;

/** a: acknowledged; b: acknowledged, its change unanswered; c: deleted; d: unanswered. */
function world(): World {
  const made = new World();
  for (const [id, sequence] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const) {
    made.sent(id, image('1'));
    made.acknowledged(id, sequence);
  }
  made.sent('c', undefined);
  made.acknowledged('c', 4);
  made.sent('b', image('2'));
  made.sent('d', image('1'));
  return made;
}

describe('what was acknowledged', () => {
  it.each([
    ['the old state', [record('a', '1'), record('b', '1')]],
    ['the new state', [record('a', '1'), record('b', '2'), record('d', '1')]],
  ])('is kept by %s', (_, records) => {
    const made = world();
    made.compare(records);
    expect(made.faults).toEqual([]);
    expect([made.sequence, made.unanswered, made.ids.length]).toEqual([4, 0, records.length]);
  });

  it.each([
    ['a lost image', [record('b', '1')], /^a: expected 1 .* found none/],
    ['a lost change of metadata', [record('a', '1', { x: 1 }), record('b', '1')], /^a: /],
    ['a state that never was', [record('a', '1'), record('b', '3')], /^b: expected 1 .* or 2 .* found 3/],
    ['an image that was deleted', [record('a', '1'), record('b', '1'), record('c', '1')], /^c: expected none/],
    ['an image that nobody sent', [record('a', '1'), record('b', '1'), record('e', '1')], /^e: expected none/],
    ['a doubled image', [record('a', '1'), record('b', '1'), record('b', '1')], /1 ids are listed twice/],
  ])('is missed by %s', (_, records, fault) => {
    const made = world();
    made.compare(records);
    expect(made.faults).toHaveLength(1);
    expect(made.faults[0]).toMatch(fault);
  });
});
