import Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LikenessError } from '../errors.js';
import { MetaTable, newMeta } from './meta-table.js';
import { APPLICATION_ID, createSchema, migrate } from './migrations.js';
import { corrupt, guarded } from './store-errors.js';
import type { StoreCreation, StoreOptions } from './store.js';
import { walFault } from './wal-check.js';

/** https://www.sqlite.org/fileformat2.html#the_database_header: at 18 and 19 the format's versions, at 68 the application id. */
const HEADER_BYTES = 100;
const WAL_VERSIONS = Buffer.of(2, 2);

/** About 150,000 images; checked in full within about a second. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024;

/**
 * Opens a store's file, checked: its header, tables, pages and write-ahead log are sound and it is the store expected.
 * @throws `store_corrupt`, `store_too_new`, `fingerprint_mismatch`; with `create`: `collection_exists`, `disk_full`
 */
export function openStoreFile({ file, create, expectFingerprint }: StoreOptions): Database.Database {
  if (create !== undefined) guarded(file, () => createStoreFile(file, create));
  assertSoundFiles(file);
  return guarded(file, () => {
    const db = new Database(file, { timeout: 0, fileMustExist: true });
    try {
      configure(db);
      migrate(db, file);
      assertSoundPages(db, file);
      assertFingerprint(db, file, expectFingerprint);
      emptyLog(db);
      return db;
    } catch (error) {
      db.close();
      // the statements here are constant and right, so what SQLite does not understand is the file
      if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR')
        throw corrupt(file, error.message, error);
      throw error;
    }
  });
}

/** Makes the file under another name and renames it, so that a store is either not there or whole. */
function createStoreFile(file: string, creation: StoreCreation): void {
  if (existsSync(file)) throw new LikenessError('collection_exists', `expected no store at ${file}, found one`);
  const temporary = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true });
  for (const leftover of [temporary, `${temporary}-journal`, `${file}-wal`, `${file}-shm`]) {
    rmSync(leftover, { force: true });
  }
  const db = new Database(temporary);
  try {
    db.pragma('synchronous = FULL');
    db.transaction(() => {
      createSchema(db);
      new MetaTable(db, file).write(newMeta(creation));
    })();
    db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function configure(db: Database.Database): void {
  db.pragma('cell_size_check = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = ON');
  db.pragma('synchronous = FULL');
}

/** Leaves no torn frames of a killed process behind, which walFault could take for damage the next time. */
function emptyLog(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // a full disk must not stop a store from being read
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_FULL') throw error;
  }
}

/** What SQLite would take for an empty database, or pass over in silence. */
function assertSoundFiles(file: string): void {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) throw corrupt(file, 'there is no such file');
  if (bytes < HEADER_BYTES) throw corrupt(file, `expected a header of ${HEADER_BYTES} bytes, found ${bytes}`);
  const header = readHeader(file);
  const applicationId = header.readUInt32BE(68);
  if (applicationId !== APPLICATION_ID) {
    throw corrupt(file, `expected application id ${APPLICATION_ID} in its header, found ${applicationId}`);
  }
  if (!header.subarray(18, 20).equals(WAL_VERSIONS)) {
    throw corrupt(file, 'its header does not say that it has a write-ahead log');
  }
  const fault = walFault(`${file}-wal`);
  if (fault !== undefined) throw corrupt(file, fault);
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, 'r');
  readSync(handle, header);
  closeSync(handle);
  return header;
}

/** Indexes are compared with their tables too, while that is quick; in larger files it is left to verify. */
function assertSoundPages(db: Database.Database, file: string): void {
  const check = statSync(file).size <= FULL_CHECK_BYTES ? 'integrity_check' : 'quick_check';
  const found = db.prepare<[], string>(`PRAGMA ${check}(3)`).pluck().all();
  if (found.join() !== 'ok') throw corrupt(file, found.join('; '));
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
