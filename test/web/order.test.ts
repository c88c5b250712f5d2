import { describe, expect, it } from 'vitest';
import type { Metadata } from '../../engine/types.js';
import { inOrder, parseOrder } from '../../server/web/search/order.js';

const images = (...all: [string, Metadata, number?][]) =>
  all.map(([id, metadata, score]) => ({ id, metadata, ...(score === undefined ? {} : { score }) }));
const ids = (shown: readonly { id: string }[]) => shown.map(({ id }) => id).join('');

describe('the order of what is loaded', () => {
  const shown = images(
    ['a', { price: 10, name: 'No 10' }, 0.5],
    ['b', { price: null }, 0.9],
    ['c', { price: 9, name: 'no 9' }, 0.7],
    ['d', { price: [1], name: 'b' }, 0.7],
    ['e', { price: 10, name: 'Ä' }, 0.1],
  );

  it('is that of the answer where no other is asked for', () => {
    expect(inOrder(shown, undefined)).toBe(shown);
  });

  it('is by score, or by a field, numbers by size and texts as people sort them; without the field comes last', () => {
    expect(ids(inOrder(shown, 'score'))).toBe('bcdae');
    expect(ids(inOrder(shown, 'up:price'))).toBe('caebd');
    expect(ids(inOrder(shown, 'down:price'))).toBe('aecbd');
    expect(ids(inOrder(shown, 'up:name'))).toBe('edcab');
    expect(ids(inOrder(shown, 'down:none'))).toBe('abcde');
  });

  it('is read from an address, or left out', () => {
    expect([
      parseOrder('score'),
      parseOrder('up:a:b'),
      parseOrder('down:'),
      parseOrder('best'),
      parseOrder(null),
    ]).toEqual(['score', 'up:a:b', undefined, undefined, undefined]);
  });
});
