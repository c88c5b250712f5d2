import Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSchema, migrate, type FileKind } from './migrations.js';
import { corrupt, guarded } from './store-errors.js';
import { walFault } from './wal-check.js';

/** https://www.sqlite.org/fileformat2.html#the_database_header: at 18 and 19 the format's versions, at 68 the application id. */
const HEADER_BYTES = 100;
const WAL_VERSIONS = Buffer.of(2, 2);

/** About 150,000 images; checked in full within about a second. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024;

/**
 * Opens a file of this kind, checked: its header, tables, pages and write-ahead log are sound.
 * @param check a further check; what it throws closes the file. @throws `store_corrupt`, `store_too_new`
 */
export function openSqliteFile(
  file: string,
  kind: FileKind,
  check: (db: Database.Database) => void = () => undefined,
): Database.Database {
  assertSoundFiles(file, kind);
  return guarded(file, () => {
    const db = new Database(file, { timeout: 0, fileMustExist: true });
    try {
      configure(db);
      migrate(db, file, kind);
      assertSoundPages(db, file);
      check(db);
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

/** Makes the file under another name and renames it, so that it is either not there or whole. @throws `disk_full` */
export function createSqliteFile(file: string, kind: FileKind, fill: (db: Database.Database) => void): void {
  guarded(file, () => {
    const temporary = `${file}.new`;
    mkdirSync(dirname(file), { recursive: true });
    for (const leftover of [temporary, `${temporary}-journal`, `${file}-wal`, `${file}-shm`]) {
      rmSync(leftover, { force: true });
    }
    const db = new Database(temporary);
    try {
      db.pragma('synchronous = FULL');
      db.transaction(() => {
        createSchema(db, kind);
        fill(db);
      })();
      db.pragma('journal_mode = WAL');
    } finally {
      db.close();
    }
    renameSync(temporary, file);
    syncFolder(dirname(file));
  });
}

/**
 * Renames a damaged file with what belongs to it, so that a new one can take its place and nothing is lost to whoever
 * wants to look. @returns its new name
 */
export function putAside(file: string): string {
  const aside = `${file}.damaged-${Date.now()}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  syncFolder(dirname(file));
  return aside;
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
function assertSoundFiles(file: string, kind: FileKind): void {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) throw corrupt(file, 'there is no such file');
  if (bytes < HEADER_BYTES) throw corrupt(file, `expected a header of ${HEADER_BYTES} bytes, found ${bytes}`);
  const header = readHeader(file);
  const applicationId = header.readUInt32BE(68);
  if (applicationId !== kind.applicationId) {
    throw corrupt(file, `expected application id ${kind.applicationId} in its header, found ${applicationId}`);
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
  const found = pageFaults(db, check, 3);
  if (found.length > 0) throw corrupt(file, found.join('; '));
}

/**
 * @returns what SQLite's own check finds wrong, but for full-text tables that do not fit their texts: those follow from the
 * metadata and are made anew, see text-table.ts.
 */
export function pageFaults(db: Database.Database, check: 'integrity_check' | 'quick_check', limit: number): string[] {
  const found = db.prepare<[], string>(`PRAGMA ${check}(${limit})`).pluck().all();
  return found.filter((fault) => fault !== 'ok' && !/^fts5:|\bFTS5 table\b/.test(fault));
}
