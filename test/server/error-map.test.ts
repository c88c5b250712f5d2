import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE, LikenessError, type ErrorCode } from '../../engine/errors.js';
import { STATUS_OF } from '../../server/error-map.js';
import { requestError, toProblem } from '../../server/problem.js';

const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const row = /^\| `(\w+)` +\| (\d+) +\| (.*?) +\| (.+?) +\|$/.exec(line);
    return row === null ? [] : [{ code: row[1]!, status: Number(row[2]), meaning: row[3]!, remedy: row[4]! }];
  });

describe('error codes', () => {
  it('are the same in the catalogue, the map of statuses and the manual', () => {
    const codes = Object.keys(ERROR_CATALOGUE);
    expect(Object.keys(STATUS_OF)).toEqual(codes);
    expect(documented.map(({ code }) => code)).toEqual(codes);
    for (const { code, status, meaning } of documented) {
      expect({ code, status }).toEqual({ code, status: STATUS_OF[code as ErrorCode] });
      expect(meaning).toBe(ERROR_CATALOGUE[code as ErrorCode]);
    }
  });

  it('carry their facts, unless something broke inside', () => {
    const place = { instance: '/x', requestId: 'r' };
    const outside = new LikenessError('too_many_bytes', 'got 9', { details: { maxBytes: 5, status: 200 } });
    expect(toProblem(outside, place)).toMatchObject({
      status: 413,
      detail: 'got 9',
      maxBytes: 5,
      code: 'too_many_bytes',
    });
    const inside = new LikenessError('store_corrupt', '/data/x is torn', { details: { file: '/data/x' } });
    expect(JSON.stringify(toProblem(inside, place))).not.toContain('/data');
  });

  it('stand for what the framework throws', () => {
    const thrown = (statusCode: number) => Object.assign(new Error('words'), { statusCode });
    expect(requestError(thrown(418)).code).toBe('invalid_request');
    expect(requestError(thrown(413)).code).toBe('too_many_bytes');
    expect(requestError(thrown(500)).code).toBe('internal');
    expect(requestError('text').code).toBe('internal');
  });
});
