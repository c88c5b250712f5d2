import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { LikenessError } from '../errors.js';
import { MetaTable, newMeta } from './meta-table.js';
import { STORE_KIND } from './migrations.js';
import { createSqliteFile, openSqliteFile } from './sqlite-file.js';
import type { StoreCreation, StoreOptions } from './store.js';

/**
 * Opens a store's file, checked: it is sound, see sqlite-file.ts, and it is the store expected.
 * @throws `store_corrupt`, `store_too_new`, `fingerprint_mismatch`; with `create`: `collection_exists`, `disk_full`
 */
export function openStoreFile({ file, create, expectFingerprint }: StoreOptions): Database.Database {
  if (create !== undefined) createStoreFile(file, create);
  return openSqliteFile(file, STORE_KIND, (db) => assertFingerprint(db, file, expectFingerprint));
}

function createStoreFile(file: string, creation: StoreCreation): void {
  if (existsSync(file)) throw new LikenessError('collection_exists', `expected no store at ${file}, found one`);
  createSqliteFile(file, STORE_KIND, (db) => new MetaTable(db, file).write(newMeta(creation)));
}

function assertFingerprint(db: Database.Database, file: string, expected: string | undefined): void {
  const { name, fingerprint } = new MetaTable(db, file).read();
  if (expected === undefined || fingerprint === expected) return;
  throw new LikenessError(
    'fingerprint_mismatch',
    `collection ${name}: expected a store of fingerprint ${expected}, found ${fingerprint}`,
    { details: { name, expected, found: fingerprint } },
  );
}
