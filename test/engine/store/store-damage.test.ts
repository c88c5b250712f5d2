import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../../engine/errors.js';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { walFault } from '../../../engine/store/wal-check.js';
import { questions } from './store-answers.js';
import { creation, imageWrite, temporaryFolder, unitVector } from './store-samples.js';

const IDS = Array.from({ length: 30 }, (_, i) => `shop/picture-${i}.jpg`);
const ASK = questions(
  IDS,
  IDS.map((_, i) => imageWrite('', i).contentHash),
);

/** A closed store with images that share nodes, deletions and replacements, 64 values a descriptor. */
function soundStore(): { file: string; answers: Record<string, string> } {
  const file = join(temporaryFolder(), 'store.sqlite');
  const store = new SqliteStore({ file, create: { ...creation, dimension: 64 } });
  const write = (id: string, picture: number) =>
    imageWrite(id, picture, {
      ...{ descriptor: unitVector(picture, 64), perceptualHash: hashOf(picture) },
      regions: picture % 7 === 6 ? regionsOf(picture) : [],
    });
  store.commitTogether(IDS.map((id, i) => () => store.put(write(id, i % 25))));
  store.commitTogether([
    () => store.delete(IDS[3]!),
    () => store.put(write(IDS[4]!, 77)),
    () => store.delete(IDS[26]!),
  ]);
  const answers = Object.fromEntries(Object.entries(ASK).map(([name, ask]) => [name, JSON.stringify(ask(store))]));
  store.close();
  return { file, answers };
}

/** One that others have too, and one of its own. */
function regionsOf(picture: number) {
  return [100, 100 + picture].map((seed, i) => ({
    box: { x: i, y: 0, width: 10, height: 20 },
    descriptor: unitVector(seed, 64),
  }));
}

function hashOf(picture: number): string {
  return (picture * 0x0123_4567).toString(16).padStart(16, '0');
}

/** @returns how the damage showed: at opening, when asked, by verify, or not at all because every answer is right. */
function showing(file: string, answers: Record<string, string>): 'open' | 'asked' | 'verify' | 'harmless' | 'WRONG' {
  let store: SqliteStore;
  try {
    store = new SqliteStore({ file });
  } catch (error) {
    const { code, message } = error as LikenessError;
    expect(`${code}: ${message}`).toMatch(/^store_(corrupt|too_new): /);
    expect(message).toContain(file);
    return 'open';
  }
  try {
    const given = Object.entries(ASK).map(([name, ask]) => [answerOf(() => ask(store)), answers[name]] as const);
    const isWrong = given.some(([answer, expected]) => answer !== 'store_corrupt' && answer !== expected);
    if (isWrong) return store.verify().length > 0 ? 'verify' : 'WRONG';
    return given.some(([answer]) => answer === 'store_corrupt') ? 'asked' : 'harmless';
  } finally {
    store.close();
  }
}

function answerOf(ask: () => unknown): string {
  try {
    return JSON.stringify(ask());
  } catch (error) {
    if (error instanceof LikenessError && error.code === 'store_corrupt') return error.code;
    throw error;
  }
}

describe('a damaged store', () => {
  it('shows at every flipped bit, or answers as before', () => {
    const { file, answers } = soundStore();
    const sound = readFileSync(file);
    const damaged = join(temporaryFolder(), 'damaged.sqlite');
    const seen = new Map<string, number>();
    // the whole header, then a sample that walks through all pages and all eight bits
    const places = [...Array.from({ length: 100 }, (_, i) => i), ...steps(100, sound.length, 521)];
    for (const place of places) {
      const bytes = Buffer.from(sound);
      bytes[place]! ^= 1 << (place % 8);
      writeFileSync(damaged, bytes);
      const how = showing(damaged, answers);
      expect(`${how} at byte ${place}`).not.toMatch(/^WRONG/);
      seen.set(how, (seen.get(how) ?? 0) + 1);
    }
    for (const how of ['open', 'asked', 'harmless']) expect(seen.get(how)).toBeGreaterThan(0);
  });

  it('shows at every length it is cut to', () => {
    const { file, answers } = soundStore();
    const sound = readFileSync(file);
    const damaged = join(temporaryFolder(), 'damaged.sqlite');
    for (const length of [0, 1, 99, 100, 4095, ...steps(4096, sound.length, 2048)]) {
      writeFileSync(damaged, sound.subarray(0, length));
      expect([length, showing(damaged, answers)]).toEqual([length, 'open']);
    }
  });

  it('is told from what never was a store', () => {
    const file = join(temporaryFolder(), 'store.sqlite');
    writeFileSync(file, 'a shopping list, long enough to be taken for a header of something: '.repeat(20));
    expect(() => new SqliteStore({ file })).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    const other = join(temporaryFolder(), 'other.sqlite');
    new Database(other).exec('CREATE TABLE t (x)').close();
    expect(() => new SqliteStore({ file: other })).toThrow(/expected application id/);
  });

  it('of a newer version is refused, not touched', () => {
    const { file } = soundStore();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const refusal = { code: 'store_too_new', details: { file, version: 99, newestKnown: 4 } };
    expect(() => new SqliteStore({ file })).toThrow(expect.objectContaining(refusal));
  });

  it.each([
    ['another fingerprint', `UPDATE meta SET fingerprint = 'other'`, /checksum of its row of meta/],
    ['no row of meta', 'DELETE FROM meta', /no row of meta/],
    ['an index less', 'DROP INDEX imagesByNode', /tables are not those of store version 4/],
  ])('with %s does not open', (_, sql, message) => {
    const { file } = soundStore();
    new Database(file).exec(sql).close();
    expect(() => new SqliteStore({ file })).toThrow(message);
  });

  it.each([
    ['a node of another number', 'UPDATE nodes SET node = 1000 WHERE node = 2', 'nodePage'],
    ['the end of the log gone', 'DELETE FROM changes WHERE sequence = 33', 'changes'],
  ])('with %s gives no answer where that matters', (_, sql, question) => {
    const { file } = soundStore();
    const db = new Database(file);
    db.pragma('foreign_keys = OFF');
    db.exec(sql).close();
    const store = new SqliteStore({ file });
    expect(() => ASK[question]!(store)).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    store.close();
  });

  it('has its faults listed by verify', () => {
    const { file } = soundStore();
    const db = new Database(file);
    db.pragma('foreign_keys = OFF');
    db.exec(`DELETE FROM nodes WHERE node = 2; UPDATE nodes SET vector = zeroblob(256) WHERE node = 5;
      UPDATE images SET sequence = 9999 WHERE id = '${IDS[7]!}';
      INSERT INTO nodes VALUES (999, x'00', x'00', 0); DELETE FROM changes WHERE sequence = 9`);
    db.close();
    const store = new SqliteStore({ file });
    const faults = store.verify().join('\n');
    const expected = [
      ...[`"${IDS[1]!}": its node is missing`, 'node 5: its descriptor has another hash', 'change log has a gap'],
      ...['node 999: no image has it', 'node 999: the newest node made is 30', `"${IDS[7]!}": it is newer than`],
      `"${IDS[7]!}" (label 8): its checksum does not fit`,
    ];
    for (const fault of expected) expect(faults).toContain(fault);
    expect(() => store.get(IDS[7]!)).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    expect(() => store.descriptorOf(IDS[1]!)).toThrow(/node 2 is missing/);
    store.close();
  });
});

describe('a write-ahead log', () => {
  /** Copies a store's files while it is open, as a kill would leave them: three commits in the log. */
  function killedStore(): { file: string; wal: Buffer } {
    const file = join(temporaryFolder(), 'store.sqlite');
    const store = new SqliteStore({ file, create: creation });
    for (const id of ['a', 'b', 'c']) store.put(imageWrite(id, 1));
    const copy = join(temporaryFolder(), 'copy.sqlite');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    store.close();
    return { file: copy, wal: readFileSync(`${copy}-wal`) };
  }

  it('that is whole gives back all that was acknowledged', () => {
    const { file } = killedStore();
    expect(walFault(`${file}-wal`)).toBeUndefined();
    const store = new SqliteStore({ file });
    expect(store.info()).toMatchObject({ images: 3, sequence: 3 });
    store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('torn in its last commit gives back those before', () => {
    const { file, wal } = killedStore();
    const torn = Buffer.from(wal);
    torn[wal.length - 100]! ^= 1;
    writeFileSync(`${file}-wal`, torn);
    const store = new SqliteStore({ file });
    expect(store.info()).toMatchObject({ images: 2, sequence: 2 });
    expect(store.verify()).toEqual([]);
    store.close();
  });

  it('damaged before its last commits is told, where SQLite would forget them', () => {
    const { file, wal } = killedStore();
    for (const place of [3, 20, 40, 33 + 4, 500]) {
      const bytes = Buffer.from(wal);
      bytes[place]! ^= 4;
      writeFileSync(`${file}-wal`, bytes);
      expect(() => new SqliteStore({ file })).toThrow(/write-ahead log/);
    }
  });
});

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => from + i * by);
}
