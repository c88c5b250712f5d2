import { describe, expect, it } from 'vitest';
import { connectedGroups } from '../../../engine/duplicates/connected-groups.js';

describe('connectedGroups', () => {
  it('joins what is linked over others, and leaves out what is alone', () => {
    const links: [number, number][] = [
      [5, 1],
      [3, 5],
      [2, 6],
      [6, 2],
    ];
    expect(connectedGroups(8, links)).toEqual([
      [1, 3, 5],
      [2, 6],
    ]);
  });

  it('joins a chain of any length, from whichever end', () => {
    const forward = Array.from({ length: 999 }, (_, i): [number, number] => [i, i + 1]);
    expect(connectedGroups(1000, forward)).toEqual([Array.from({ length: 1000 }, (_, i) => i)]);
    expect(connectedGroups(1000, forward.reverse())[0]).toHaveLength(1000);
  });

  it('has no groups without links', () => {
    expect(connectedGroups(3, [])).toEqual([]);
  });
});
