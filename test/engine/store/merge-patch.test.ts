import { expect, it } from 'vitest';
import { mergePatch } from '../../../engine/store/merge-patch.js';

it('merges as RFC 7396 does, by its own examples', () => {
  expect(mergePatch({ a: 'b' }, { a: 'c' })).toEqual({ a: 'c' });
  expect(mergePatch({ a: 'b', b: 'c' }, { a: null })).toEqual({ b: 'c' });
  expect(mergePatch({ a: ['b'] }, { a: 'c' })).toEqual({ a: 'c' });
  expect(mergePatch({ a: { b: 'c' } }, { a: { b: 'd', c: null } })).toEqual({ a: { b: 'd' } });
  expect(mergePatch({ a: [{ b: 'c' }] }, { a: [1] })).toEqual({ a: [1] });
  expect(mergePatch({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
  expect(mergePatch({ e: null }, { a: 1 })).toEqual({ e: null, a: 1 });
});

it('takes __proto__ for a field like any other', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"x": 1}}') as { [key: string]: never });
  expect(Object.keys(merged as object)).toEqual(['__proto__']);
  expect((merged as { x?: number }).x).toBeUndefined();
});
