import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { creation, imageWrite, temporaryFolder } from './store-samples.js';

afterEach(() => vi.restoreAllMocks());

/** @returns a store, and its connection, whose page limit stands for the disk's size. */
function storeOnSmallDisk(): { store: SqliteStore; db: Database.Database; setPages: (pages: number) => void } {
  const pragma = vi.spyOn(Database.prototype, 'pragma');
  const store = new SqliteStore({ file: join(temporaryFolder(), 'store.sqlite'), create: creation });
  const db = pragma.mock.contexts.at(-1) as Database.Database;
  return { store, db, setPages: (pages) => void db.pragma(`max_page_count = ${pages}`) };
}

const big = (id: string, picture: number) => imageWrite(id, picture, { metadata: { text: 'x'.repeat(20_000) } });

it('says disk_full, keeps what was acknowledged, and goes on when there is room again', () => {
  const { store, setPages } = storeOnSmallDisk();
  store.put(imageWrite('a', 1));
  setPages(1);
  expect(() => store.put(big('b', 2))).toThrow(expect.objectContaining({ code: 'disk_full' }));
  expect(store.info()).toMatchObject({ images: 1, nodes: 1, sequence: 1 });
  expect(store.get('a').id).toBe('a');
  setPages(1000);
  expect(store.put(big('b', 2))).toMatchObject({ sequence: 2, putNode: { node: 2 } });
  expect(store.verify()).toEqual([]);
  store.close();
});

it('acknowledges of a group only what was committed', () => {
  const { store, setPages } = storeOnSmallDisk();
  setPages(1);
  const group = ['a', 'b', 'c'].map((id, i) => () => store.put(big(id, i)));
  const acknowledged = store.commitTogether(group).filter(({ status }) => status === 'fulfilled').length;
  expect(acknowledged).toBeLessThan(3);
  expect(store.info()).toMatchObject({ images: acknowledged, sequence: acknowledged });
  setPages(1000);
  expect(store.commitTogether(group).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
  expect(store.info()).toMatchObject({ images: 3, nodes: 3, sequence: 3 });
  expect(store.verify()).toEqual([]);
  store.close();
});

it('acknowledges nothing of a group whose transaction ended by itself', () => {
  const { store, db } = storeOnSmallDisk();
  const failure = new Error('as SQLite does when it must');
  const results = store.commitTogether([
    () => store.put(imageWrite('a', 1)),
    () => {
      db.exec('ROLLBACK');
      throw failure;
    },
    () => store.put(imageWrite('c', 3)),
  ]);
  expect(results).toEqual(Array(3).fill({ status: 'rejected', reason: failure }));
  expect(store.info()).toMatchObject({ images: 0, nodes: 0, sequence: 0 });
  expect(store.verify()).toEqual([]);
  store.close();
});
