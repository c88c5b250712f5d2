import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { creation, imageWrite, temporaryFolder } from './store-samples.js';

const IMAGES = 40;

/** A store with texts, closed. */
function writtenStore(): string {
  const file = join(temporaryFolder(), 'store.sqlite');
  const store = new SqliteStore({ file, create: { ...creation, config: { textFields: ['title'] } } });
  for (let i = 0; i < IMAGES; i++) store.put(imageWrite(`i${i}`, i, { metadata: { title: `shoe number ${i}` } }));
  store.close();
  return file;
}

function damaged(file: string, sql: string): SqliteStore {
  new Database(file).unsafeMode().exec(sql).close();
  const store = new SqliteStore({ file });
  onTestFinished(() => store.close());
  return store;
}

describe('the full-text table', () => {
  it.each([
    ['a text that is not that of its metadata', "UPDATE imageTexts SET text = 'hat' WHERE rowid = 3", /"i2"/],
    ['a text that is missing', 'DELETE FROM imageTexts WHERE rowid = 3', /"i2"/],
    ['a text of no image', "INSERT INTO imageTexts (rowid, text) VALUES (999, 'hat')", /expected 40 searched texts/],
    ['an index that does not fit', "UPDATE imageTexts_content SET c0 = 'hat' WHERE id = 3", /index is damaged/],
    ['an index with holes', 'DELETE FROM imageTexts_data WHERE id > 10', /index is damaged/],
    ['an index of rubbish', "UPDATE imageTexts_data SET block = x'0102'", /index is damaged/],
  ])('with %s still opens, is told of, and is made anew', (_, sql, fault) => {
    const store = damaged(writtenStore(), sql);
    expect(store.verify()).toEqual([]);
    expect(store.textFaults().join('\n')).toMatch(fault);
    store.rebuildText();
    expect(store.textFaults()).toEqual([]);
    expect(store.searchText('shoe', { limit: 100 })).toHaveLength(IMAGES);
    expect(store.searchText('hat', { limit: 100 })).toEqual([]);
    store.put(imageWrite('new', 50, { metadata: { title: 'hat' } }));
    expect(store.searchText('hat', { limit: 9 }).map(({ record }) => record.id)).toEqual(['new']);
  });

  it('is not written where a write of the group fails', () => {
    const store = damaged(writtenStore(), '');
    const [failed, put] = store.commitTogether([
      () => {
        store.put(imageWrite('a', 60, { metadata: { title: 'ghost' } }));
        throw new Error('stop');
      },
      () => store.put(imageWrite('b', 61, { metadata: { title: 'real' } })),
    ]);
    expect([failed!.status, put!.status]).toEqual(['rejected', 'fulfilled']);
    // each call of put is a savepoint of its own, so the first was kept until its caller threw
    const found = (word: string) => store.searchText(word, { limit: 9 }).map(({ record }) => record.id);
    expect(found('real')).toEqual(['b']);
    expect(found('ghost')).toEqual(store.getMany(['a']).map(({ id }) => id));
    expect(store.textFaults()).toEqual([]);
  });
});
