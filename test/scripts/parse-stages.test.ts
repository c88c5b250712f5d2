import { describe, expect, it } from 'vitest';
import { parseNames, parseStages } from '../../scripts/parse-stages.js';

describe('parseStages', () => {
  it.each<[string, ReturnType<typeof parseStages>]>([
    ['2', [2]],
    ['1-3', [1, 2, 3]],
    ['stem-2', ['stem', 1, 2]],
    ['4, stem,4', ['stem', 4]],
  ])('reads %s', (text, stages) => {
    expect(parseStages(text)).toEqual(stages);
  });

  it.each(['', '0', '5', '3-1', '1-', 'head', '1,,2'])('refuses %j', (text) => {
    expect(() => parseStages(text)).toThrow('expected stages such as stem, 1-3 or 1,2');
  });
});

describe('parseNames', () => {
  it('cuts at commas', () => expect(parseNames('/a/bn, b')).toEqual(['/a/bn', 'b']));
  it('refuses none', () => expect(() => parseNames(' ,')).toThrow('got none'));
});
