import { describe, expect, it } from 'vitest';
import { fieldFacts } from '../../../engine/store/field-facts.js';

describe('the fields of metadata', () => {
  it('are counted with their values, those of a list one by one', () => {
    const facts = fieldFacts([
      { kind: 'mug', price: 5, tags: ['red', 'sale', 'red'] },
      { kind: 'cup', price: 20.5, tags: [] },
      { kind: 'mug', sold: null },
      { kind: { nested: 1 }, price: -1 },
    ]);
    expect(facts).toEqual([
      {
        ...{ field: 'kind', images: 4, types: ['string', 'object'], distinct: 2 },
        values: [
          { value: 'mug', images: 2 },
          { value: 'cup', images: 1 },
        ],
      },
      {
        ...{ field: 'price', images: 3, types: ['number'], distinct: 3, min: -1, max: 20.5 },
        values: [5, 20.5, -1].map((value) => ({ value, images: 1 })),
      },
      {
        ...{ field: 'tags', images: 2, types: ['string'], distinct: 2 },
        values: ['red', 'sale'].map((value) => ({ value, images: 1 })),
      },
      { field: 'sold', images: 1, types: ['null'], distinct: 0, values: [] },
    ]);
  });

  it('name no more values than anybody reads, and no long texts', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ id: i < 10 ? `${'x'.repeat(1000)}${i}` : `value ${i}` }));
    const [facts] = fieldFacts(many);
    expect(facts).toMatchObject({ distinct: 300, images: 300 });
    expect(facts!.values).toHaveLength(100);
    expect(facts!.values[0]).toEqual({ value: 'value 10', images: 1 });
    expect(fieldFacts([])).toEqual([]);
  });
});
