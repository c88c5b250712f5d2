import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFilter, type Filter } from '../../../engine/store/filter.js';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import type { Metadata } from '../../../engine/types.js';
import { matches } from './filter-reference.js';
import { creation, imageWrite, temporaryFolder } from './store-samples.js';

/** @returns ids of the matching ones, as the store's SQL finds them; ids are positions. */
function found(store: SqliteStore, filter: unknown): number[] {
  return store.list({ limit: 1000, filter: parseFilter(filter) }).map(({ id }) => Number(id));
}

function storeOf(all: Metadata[]): SqliteStore {
  const store = new SqliteStore({ file: join(temporaryFolder(), 'store.sqlite'), create: creation });
  store.commitTogether(all.map((metadata, i) => () => store.put(imageWrite(String(i), i, { metadata }))));
  return store;
}

describe('filters', () => {
  it('mean what the manual says', () => {
    const store = storeOf([
      { brand: 'acme', price: 10, tags: ['new', 'sale'], sold: true }, // 0
      { brand: 'acme', price: 20, tags: [], sold: false }, // 1
      { brand: 'Zeta', price: '15', tags: ['sale', 5], sold: null }, // 2
      { price: [5, 50], brand: { name: 'acme' } }, // 3
      {}, // 4
    ]);
    const cases: [unknown, number[]][] = [
      [{}, [0, 1, 2, 3, 4]],
      [{ brand: 'acme' }, [0, 1]],
      [{ brand: { ne: 'acme' } }, [2, 3, 4]],
      [{ brand: { in: ['Zeta', 'acme'] } }, [0, 1, 2]],
      [{ price: { lt: 20 } }, [0, 3]],
      [{ price: { gt: 10, lte: 20 } }, [1, 3]],
      [{ price: { gte: '1' } }, [2]],
      [{ price: { gt: 5, lt: 10 } }, [3]],
      [{ price: { lt: 'a' } }, [2]],
      [{ sold: { gte: 0 } }, []],
      [{ tags: 'sale' }, [0, 2]],
      [{ tags: 5 }, [2]],
      [{ tags: { ne: 'sale' } }, [1, 3, 4]],
      [{ sold: true }, [0]],
      [{ sold: 1 }, []],
      [{ sold: null }, [2]],
      [{ sold: { exists: false } }, [3, 4]],
      [{ brand: { exists: true } }, [0, 1, 2, 3]],
      [{ brand: 'acme', price: 20 }, [1]],
      [{ $or: [{ brand: 'Zeta' }, { price: 10 }], $not: { sold: true } }, [2]],
      [{ $and: [{ tags: 'new' }, { tags: 'sale' }] }, [0]],
      [{ $not: { $or: [{ brand: 'acme' }, { brand: 'Zeta' }] } }, [3, 4]],
    ];
    for (const [filter, ids] of cases) expect([filter, found(store, filter)]).toEqual([filter, ids]);
    store.close();
  });

  it('find the same as the plain reference, for any metadata and filter', () => {
    // few names and values, so that they meet; odd ones, since fields and values must never reach the SQL as text
    const field = fc.constantFrom('a', 'b', 'a.b', 'q"uote', "' OR 1", '\\', '$x'.slice(1), '[0]', 'é', '\u0000');
    const text = fc.constantFrom('', 'x', 'X', '10', 'ab', '\u{1f600}', '\uffee', 'a\u0000b', "'; DROP TABLE images");
    const number = fc.oneof(
      fc.constantFrom(0, 1, 2, 10, -1, 0.1, 1e21, 2 ** 60),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
    const ordered = fc.oneof(text, number);
    const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ a: scalar }));
    const metadata = fc.dictionary(field, value, { maxKeys: 4 }) as fc.Arbitrary<Metadata>;
    const operators = fc
      .record(
        {
          ...{ eq: scalar, ne: scalar, in: fc.array(scalar, { minLength: 1, maxLength: 3 }), exists: fc.boolean() },
          ...{ lt: ordered, lte: ordered, gt: ordered, gte: ordered },
        },
        { requiredKeys: [] },
      )
      .filter((record) => Object.keys(record).length > 0);
    const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3 },
        fc.dictionary(field, fc.oneof(scalar, operators), { maxKeys: 2 }) as fc.Arbitrary<Filter>,
        fc.record({ $or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ $and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ $not: tie('filter') }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.array(metadata, { minLength: 5, maxLength: 12 }),
        fc.array(filter, { minLength: 20, maxLength: 20 }),
        (all, filters) => {
          const stored = all.map((entry) => JSON.parse(JSON.stringify(entry)) as Metadata);
          const store = storeOf(stored);
          for (const one of filters) {
            const expected = stored.flatMap((entry, i) => (matches(one, entry) ? [String(i)] : [])).sort();
            const ids = store.list({ limit: 100, filter: parseFilter(one) }).map(({ id }) => id);
            expect({ one, ids }).toEqual({ one, ids: expected });
          }
          store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('take as much as the limits allow', () => {
    const store = storeOf([{ a: 1 }]);
    let deep: unknown = { a: 1 };
    for (let level = 0; level < 15; level += 1) deep = { $and: [deep] };
    expect(found(store, deep)).toEqual([0]);
    expect(found(store, { $or: Array.from({ length: 127 }, (_, i) => ({ a: i })) })).toEqual([0]);
    expect(found(store, { a: { in: Array.from({ length: 1000 }, (_, i) => i) } })).toEqual([0]);
    store.close();
  });

  it('are refused by place and reason', () => {
    const nested = (levels: number): unknown => (levels === 0 ? {} : { $not: nested(levels - 1) });
    const endless = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    const cases: [unknown, RegExp][] = [
      [5, /^filter: /],
      [[], /^filter: /],
      [{ price: { less: 5 } }, /^filter at price: .*less/],
      [{ price: {} }, /^filter at price: expected at least one operator/],
      [{ price: { lt: true } }, /^filter at price.lt: expected a string or number/],
      [{ price: { lt: NaN } }, /^filter at price.lt: expected a string or number/],
      [{ price: [1, 2] }, /^filter at price: /],
      [{ price: { eq: [1] } }, /^filter at price.eq: expected a string, number, boolean or null/],
      [{ price: { in: [] } }, /^filter at price.in: /],
      [{ price: { exists: 1 } }, /^filter at price.exists: /],
      [{ $or: [] }, /^filter at \$or: /],
      [{ $or: [{ a: 1 }, { b: { foo: 1 } }] }, /^filter at \$or.1.b: .*foo/],
      [{ $nor: [{ a: 1 }] }, /^filter: expected \$and, \$or, \$not or a field, got \$nor/],
      [{ '': 1 }, /^filter: expected a field name/],
      [{ a: 'x'.repeat(4097) }, /^filter at a: /],
      [nested(33), /^filter: expected at most 32 levels/],
      [{ a: { in: endless } }, /^filter: expected at most 32 levels/],
      [{ $or: Array.from({ length: 300 }, (_, i) => ({ a: i })) }, /^filter: expected at most 256 conditions/],
    ];
    for (const [filter, message] of cases) {
      const error = refusal(filter);
      expect([filter, error.code]).toEqual([filter, 'invalid_filter']);
      expect(error.message).toMatch(message);
    }
  });
});

function refusal(filter: unknown): { code?: string; message: string } {
  try {
    parseFilter(filter);
    return { message: 'it was taken' };
  } catch (error) {
    return error as { code: string; message: string };
  }
}
