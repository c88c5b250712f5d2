import { describe, expect, it } from 'vitest';
import { copydays } from '../../../../engine/evaluate/protocols/copydays.js';
import { leaveOneOut } from '../../../../engine/evaluate/protocols/leave-one-out.js';
import { queryAgainstGallery } from '../../../../engine/evaluate/protocols/query-gallery.js';
import { ukbench } from '../../../../engine/evaluate/protocols/ukbench.js';
import { items, judgements } from './items.js';

describe('leave one out', () => {
  it('asks with every labelled picture for its class, itself being junk', () => {
    const protocol = leaveOneOut(items('dog/1', 'dog/2', 'cat/1', 'loose'));
    expect(judgements(protocol)).toEqual([
      'dog/1: dog/1 dog/2 - dog/1',
      'dog/2: dog/1 dog/2 - dog/2',
      'cat/1: cat/1 - cat/1',
    ]);
    expect(protocol.gallery.map(({ id }) => id)).toContain('loose');
  });
});

describe('query folder against gallery folder', () => {
  it('finds the same class name right, equal ids being other pictures', () => {
    const protocol = queryAgainstGallery(items('dog/1', 'fox/1'), items('dog/1', 'dog/2', 'cat/1'));
    expect(judgements(protocol)).toEqual(['dog/1: dog/1 dog/2 - ', 'fox/1:  - ']);
  });
});

describe('UKBench', () => {
  it('groups four by four in the order of the ids, the query included', () => {
    const protocol = ukbench(items('5', '1', '2', '8', '3', '4', '6', '7'));
    expect(judgements(protocol).slice(0, 2)).toEqual(['5: 5 6 7 8 - ', '1: 1 2 3 4 - ']);
  });

  it.each([0, 6])('refuses %i pictures', (count) => {
    expect(() => ukbench(items(...Array.from({ length: count }, String)))).toThrow('expected groups of 4 pictures');
  });
});

describe('Copydays', () => {
  it('asks with edits for the original of the same group', () => {
    const protocol = copydays(
      items('original/200000.jpg', 'original/200100.jpg'),
      items('strong/200001.jpg', 'jpeg/200102.png', 'strong/200201.jpg'),
      items('other.jpg'),
    );
    expect(judgements(protocol)).toEqual([
      'strong/200001.jpg: original/200000.jpg - ',
      'jpeg/200102.png: original/200100.jpg - ',
      'strong/200201.jpg:  - ',
    ]);
    expect(protocol.gallery).toHaveLength(3);
    expect(protocol.queries[0]!.label).toBe('strong');
  });

  it('takes another grouping', () => {
    const protocol = copydays(items('o/a'), items('e/a'), [], ({ id }) => id.split('/')[1]!);
    expect(judgements(protocol)).toEqual(['e/a: o/a - ']);
  });
});
