import Database from 'better-sqlite3';
import { LikenessError } from '../errors.js';

/** @returns a `store_corrupt` that names the file and what was found in it. */
export function corrupt(file: string, found: string, cause?: unknown): LikenessError {
  return new LikenessError('store_corrupt', `the store ${file} is damaged: ${found}`, { details: { file }, cause });
}

/** Runs `work` on the store's file, with SQLite's errors given their place in the catalogue. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(file, error);
  }
}

/**
 * A broken constraint means damage too: every write looks first, so only an index that disagrees with its table can let
 * SQLite find what the look did not. Likewise JSON that SQLite cannot read, since only JSON is written.
 */
export function toStoreError(file: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (/^SQLITE_(CORRUPT|NOTADB|CONSTRAINT|MISMATCH)/.test(error.code) || error.message.includes('malformed')) {
    return corrupt(file, error.message, error);
  }
  if (/^SQLITE_IOERR_(READ|SHORT_READ|CORRUPTFS|DATA)/.test(error.code)) {
    return corrupt(file, `it cannot be read (${error.code})`, error);
  }
  if (error.code === 'SQLITE_FULL') {
    return new LikenessError('disk_full', `no space left to write ${file}`, { details: { file }, cause: error });
  }
  return new LikenessError('internal', `${error.code} on ${file}: ${error.message}`, {
    details: { file },
    cause: error,
  });
}
