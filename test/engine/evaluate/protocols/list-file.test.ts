import { describe, expect, it } from 'vitest';
import { listFile } from '../../../../engine/evaluate/protocols/list-file.js';
import { items, judgements } from './items.js';

const lines = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n');
const gallery = items('a', 'b', 'c', 'd');

describe('list file', () => {
  it('reads queries, right answers and junk; a gallery query is junk to itself', () => {
    const text = `${lines({ query: 'a', relevant: ['b'], junk: ['c'] }, { query: 'b', relevant: ['a'] })}\n\n`;
    expect(judgements(listFile(text, gallery))).toEqual(['a: b - a c', 'b: a - b']);
  });

  it('keeps a query that is called relevant to itself', () => {
    expect(judgements(listFile(lines({ query: 'a', relevant: ['a', 'b'] }), gallery))).toEqual(['a: a b - ']);
  });

  it('looks queries up in their own listing, where an equal id is another picture', () => {
    const protocol = listFile(lines({ query: 'a', relevant: ['b'], label: 'x' }), gallery, items('a'));
    expect(judgements(protocol)).toEqual(['a: b - ']);
    expect(protocol.queries[0]!.label).toBe('x');
  });

  it('shares the item with the gallery where nothing differs, so that it is described once', () => {
    expect(listFile(lines({ query: 'a', relevant: ['b'] }), gallery).queries[0]).toBe(gallery[0]);
  });

  it.each([
    ['{', 'invalid_json', 'expected JSON on line 1'],
    [lines({ query: 'a', relevant: 'b' }), 'invalid_request', 'line 1 of the list file'],
    [lines({ query: 'z', relevant: [] }), 'invalid_request', 'expected an id of the query listing, got z'],
    [lines({ query: 'a', relevant: ['z'] }), 'invalid_request', 'expected an id of the gallery, got z'],
    [lines({ query: 'a', relevant: ['b'], junk: ['b'] }), 'invalid_request', 'b is both relevant and junk for query a'],
    [lines({ query: 'a', relevant: [] }, { query: 'a', relevant: [] }), 'invalid_request', 'query a is listed twice'],
  ])('refuses %s', (text, code, message) => {
    const expected: unknown = expect.objectContaining({ code, message: expect.stringContaining(message) as string });
    expect(() => listFile(text, gallery)).toThrow(expected);
  });
});
