import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/types.js';
import type { Order } from '../../server/web/search/order.js';
import { EMPTY_SPEC, formatSpec, parseSpec, type QueryItem } from '../../server/web/search/search-spec.js';

const fraction = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
const item: fc.Arbitrary<QueryItem> = fc.record(
  {
    source: fc.record({
      kind: fc.constantFrom('picture', 'id', 'url'),
      value: fc.string({ minLength: 1, unit: 'binary' }),
    }),
    wanted: fc.boolean(),
    region: fc.record({ x: fraction, y: fraction, width: fraction, height: fraction }),
  },
  { requiredKeys: ['source', 'wanted'] },
);

describe('a search in an address', () => {
  it('comes back as it was', () => {
    const field = fc.string({ minLength: 1 });
    const group = fc.option(fc.oneof(fc.record({ field }), fc.constant({ by: 'duplicates' as const })), {
      nil: undefined,
    });
    const direction = fc.constantFrom<'up' | 'down'>('up', 'down');
    const order = fc.option(
      fc.oneof(
        fc.constant('score' as const),
        fc.tuple(direction, field).map(([way, name]): Order => `${way}:${name}`),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        fc.array(item),
        fc.boolean(),
        group,
        order,
        fc.option(fc.jsonValue(), { nil: undefined }),
        (items, diverse, by, shownIn, filter) => {
          const spec = {
            items,
            diverse,
            ...(by === undefined ? {} : { group: by }),
            ...(shownIn === undefined ? {} : { order: shownIn }),
            ...(filter === undefined ? {} : { filter: filter as Json }),
          };
          const read = parseSpec(new URLSearchParams(formatSpec(spec).toString()));
          expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(spec)));
        },
      ),
    );
  });

  it('is read as far as it can be', () => {
    const params = new URLSearchParams('like=id:a&like=nonsense&not=0.1,0,0.5,1;id:b&filter={&q=x&order=sideways');
    expect(parseSpec(params)).toEqual({
      items: [
        { source: { kind: 'id', value: 'a' }, wanted: true },
        { source: { kind: 'id', value: 'b' }, wanted: false, region: { x: 0.1, y: 0, width: 0.5, height: 1 } },
      ],
      diverse: false,
    });
    expect(parseSpec(new URLSearchParams())).toEqual(EMPTY_SPEC);
  });
});
