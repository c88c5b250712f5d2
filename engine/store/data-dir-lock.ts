import Database from 'better-sqlite3';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeFileDurably } from '../durable-file.js';
import { LikenessError } from '../errors.js';
import { corrupt } from './store-errors.js';

const holderSchema = z.object({
  pid: z.number().int(),
  command: z.string(),
  startedAt: z.string(),
  /** Where the holder answers, once it does. */
  url: z.string().optional(),
});

/** Who holds a data directory. */
export type Holder = z.infer<typeof holderSchema>;

/** A holder that took the lock just now has this long to write down who it is. */
const INTRODUCTION_TRIES = 10;
const INTRODUCTION_WAIT_MS = 50;

/** The data directory, held until {@link DataDirLock.close} or the end of the process. */
export interface DataDirLock {
  /** Tells others where this process answers. */
  update(url: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes the data directory for this process alone. The lock is SQLite's on lock.sqlite, so the kernel frees it however
 * the process ends; holder.json beside it only says who holds it.
 * @throws `data_dir_locked` naming the holder: details pid, url, command
 */
export async function acquireDataDirLock(
  dataDir: string,
  { url, command }: { url?: string; command: string },
): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true });
  const lock = tryLock(join(dataDir, 'lock.sqlite'));
  if (lock === undefined) throw lockedError(dataDir, await introduction(dataDir));
  const holder = { pid: process.pid, command, startedAt: new Date().toISOString() };
  const introduce = (address: string | undefined): Promise<void> =>
    writeFileDurably(holderPath(dataDir), JSON.stringify(address === undefined ? holder : { ...holder, url: address }));
  try {
    await introduce(url);
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    update: introduce,
    close: async () => {
      await rm(holderPath(dataDir), { force: true });
      lock.close();
    },
  };
}

/** @returns who holds the data directory, or undefined if nobody does (a holder.json of a killed process is ignored). */
export async function readHolder(dataDir: string): Promise<Holder | undefined> {
  const holder = await readHolderFile(dataDir);
  if (holder === undefined) return undefined;
  const lock = tryLock(join(dataDir, 'lock.sqlite'));
  lock?.close();
  return lock === undefined ? holder : undefined;
}

/** @returns the database whose open transaction is the lock, or undefined if another has it. */
function tryLock(file: string): Database.Database | undefined {
  const db = new Database(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw corrupt(file, `${error.message}; it holds no data and may be deleted`, error);
  }
}

/** The holder's file may be missing, or be that of a killed process, for a moment after the lock was taken. */
async function introduction(dataDir: string): Promise<Holder | undefined> {
  let holder = await readHolderFile(dataDir);
  for (let tries = 0; tries < INTRODUCTION_TRIES && !(holder !== undefined && isAlive(holder.pid)); tries += 1) {
    await sleep(INTRODUCTION_WAIT_MS);
    holder = await readHolderFile(dataDir);
  }
  return holder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readHolderFile(dataDir: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(holderPath(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

function holderPath(dataDir: string): string {
  return join(dataDir, 'holder.json');
}

function lockedError(dataDir: string, holder: Holder | undefined): LikenessError {
  const { pid = null, command = null, url = null } = holder ?? {};
  const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`;
  const where = url === null ? '' : `, which answers at ${url}`;
  return new LikenessError('data_dir_locked', `the data directory ${dataDir} is held by ${who}${where}`, {
    details: { dataDir, pid, command, url },
  });
}
