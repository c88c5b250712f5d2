import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREATE_TEXTS } from '../../../engine/store/migrations.js';
import { matchQuery, textOf } from '../../../engine/store/text.js';

describe('textOf', () => {
  it('joins strings, numbers and what lists hold of them, in the order of the fields', () => {
    const metadata = { tags: ['red', 7, null, ['deep']], title: 'Shoe', size: 42, yes: true, inner: { title: 'no' } };
    expect(textOf(metadata, ['title', 'tags', 'size', 'yes', 'inner', 'none'])).toBe('Shoe\nred\n7\n42');
    expect(textOf(metadata, ['toString', 'constructor'])).toBe('');
  });
});

describe('matchQuery', () => {
  it('quotes each word', () => {
    expect(matchQuery('red  shoe')).toBe('"red" OR "shoe"');
    expect(matchQuery('say "hi" NEAR(x*)')).toBe('"say" OR """hi""" OR "NEAR(x*)"');
    expect(matchQuery(' \n\0')).toBe('');
    expect(matchQuery('a '.repeat(100)).split(' OR ')).toHaveLength(64);
  });

  it('never makes a query that SQLite cannot read, or reads as more than words', () => {
    const db = new Database(':memory:');
    db.exec(CREATE_TEXTS);
    db.exec("INSERT INTO imageTexts (text) VALUES ('zebra')");
    const found = db.prepare<[string], number>('SELECT count(*) FROM imageTexts WHERE imageTexts MATCH ?').pluck();
    const hostile = fc.constantFrom('"', 'text:', '*', 'NOT', 'AND', '(', ')', '^', '+', '-', '{', '}', '\0', ' ', 'a');
    const text = fc.oneof(
      fc.string(),
      fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (asked) => {
        const match = matchQuery(asked);
        if (match !== '' && !/zebra/i.test(asked)) expect(found.get(match)).toBe(0);
        expect(found.get(matchQuery(`${asked} zebra`))).toBe(1);
      }),
    );
  });
});
