import Database from 'better-sqlite3';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Feedback, LoggedQuery } from '../../../engine/store/query-log.js';
import { openQueryLog, SqliteQueryLog } from '../../../engine/store/sqlite-query-log.js';
import { temporaryFolder } from './store-samples.js';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
/** A log that version 1 of the format wrote. Written once, never again. */
const GOLDEN = new URL('../../golden/query-log-v1.sqlite', import.meta.url);

function query(id: string, createdAtMs = NOW): LoggedQuery {
  const parts = [
    { vector: Float32Array.of(0.6, -0.8), facts: { kind: 'image', width: 4 } },
    { vector: Float32Array.of(0.1, 3e-9), facts: { kind: 'id', id: 'a/é "b"' } },
  ];
  return { id, createdAtMs, fingerprint: 'f1', parts, options: { k: 5, filter: { brand: { in: ['x'] } } } };
}

function feedbackOn({ id: queryId, fingerprint, parts }: LoggedQuery, id: string): Feedback {
  return { id, createdAtMs: NOW, queryId, fingerprint, parts, shown: ['a', 'b/ü'], clicked: ['b/ü'] };
}

function newLog(): { file: string; log: SqliteQueryLog } {
  const file = join(temporaryFolder(), 'queries.sqlite');
  const log = new SqliteQueryLog({ file, retentionMs: 24 * HOUR });
  onTestFinished(() => log.close());
  return { file, log };
}

/** Changes a row behind the log's back, as a flipped bit that SQLite lets pass. */
function spoil(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

function writeGolden(): void {
  const { file, log } = newLog();
  log.addQueries([query('golden')], NOW);
  log.addFeedback(feedbackOn(query('golden'), 'g1'));
  log.close();
  copyFileSync(file, GOLDEN);
}
if (process.env['WRITE_GOLDEN'] === '1') it('writes the golden log anew', writeGolden);

describe('the query log', () => {
  it('gives a query back bit by bit until its time is over', () => {
    const { log } = newLog();
    log.addQueries([query('q1'), query('q2', NOW - HOUR)], NOW);
    expect(log.query('q1', NOW + 24 * HOUR)).toEqual(query('q1'));
    expect(log.query('q1', NOW + 24 * HOUR + 1)).toBeUndefined();
    expect(log.query('other', NOW)).toBeUndefined();
    const words = { ...query('q3'), parts: [], options: { text: 'red shoe' } };
    log.addQueries([words], NOW);
    expect(log.query('q3', NOW)).toEqual(words);
    log.addQueries([], NOW + 24 * HOUR);
    // q2 is gone from the file too: an earlier clock does not bring it back
    expect(log.query('q2', NOW)).toBeUndefined();
    expect(log.query('q1', NOW)).toEqual(query('q1'));
  });

  it('keeps feedback with its query, page by page, after the query is forgotten', () => {
    const { file, log } = newLog();
    log.addQueries([query('q1')], NOW);
    const all = ['f1', 'f2', 'f3'].map((id) => feedbackOn(query('q1'), id));
    for (const feedback of all) log.addFeedback(feedback);
    log.addQueries([], NOW + 100 * HOUR);
    log.close();
    const again = new SqliteQueryLog({ file, retentionMs: HOUR });
    onTestFinished(() => again.close());
    const first = again.feedbackPage(0, 2);
    expect(first).toEqual({ feedback: all.slice(0, 2), damaged: 0, next: expect.any(Number) as number });
    expect(again.feedbackPage(first.next!, 2)).toEqual({ feedback: all.slice(2), damaged: 0 });
  });

  it('passes over damaged rows, and says how many', () => {
    const { file, log } = newLog();
    log.addQueries([query('q1'), query('q2')], NOW);
    log.addFeedback(feedbackOn(query('q1'), 'f1'));
    log.addFeedback(feedbackOn(query('q1'), 'f2'));
    spoil(file, `UPDATE queries SET vectors = CAST(x'00112233' || substr(vectors, 5) AS BLOB) WHERE id = 'q1'`);
    spoil(file, `UPDATE feedback SET clicked = '["a"]' WHERE id = 'f1'`);
    expect(log.query('q1', NOW)).toBeUndefined();
    expect(log.query('q2', NOW)).toEqual(query('q2'));
    expect(log.feedbackPage(0, 9)).toEqual({ feedback: [feedbackOn(query('q1'), 'f2')], damaged: 1 });
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['of another kind', () => readFileSync(new URL('../../golden/store-v1.sqlite', import.meta.url))],
    ['torn in its pages', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length, 7)])],
  ])('puts a file aside that is %s, and starts anew', (_, damage) => {
    const { file, log } = newLog();
    log.addQueries([query('q1')], NOW);
    log.close();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    const { log: fresh, replaced } = openQueryLog({ file, retentionMs: HOUR });
    onTestFinished(() => fresh.close());
    expect(replaced?.reason).toContain('is damaged');
    expect(readFileSync(replaced!.aside)).toHaveLength(damaged.length);
    expect(fresh.query('q1', NOW)).toBeUndefined();
    fresh.addQueries([query('q2')], NOW);
    expect(fresh.query('q2', NOW)).toEqual(query('q2'));
  });

  it('opens a log of format version 1', () => {
    const file = join(temporaryFolder(), 'queries.sqlite');
    copyFileSync(GOLDEN, file);
    const { log, replaced } = openQueryLog({ file, retentionMs: 24 * HOUR });
    onTestFinished(() => log.close());
    expect(replaced).toBeUndefined();
    expect(log.query('golden', NOW)).toEqual(query('golden'));
    expect(log.feedbackPage(0, 9).feedback).toEqual([feedbackOn(query('golden'), 'g1')]);
    expect(existsSync(`${file}.new`)).toBe(false);
  });
});
