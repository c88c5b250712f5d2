import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LikenessError } from './errors.js';

/**
 * Writes a file so that, after a power cut, there is either the old one or the whole new one: temporary file beside it,
 * fsync, rename, fsync of the folder. Resolves only when all that is done.
 * @throws `disk_full`
 */
export async function writeFileDurably(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeAndSync(temporary, content);
    await renameDurably(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asDiskFull(path, error);
  }
}

/** Renames a file or folder, and makes that durable in both folders. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}

/** Makes the folder and those above it that are missing, each durable in the one above. @throws `disk_full` */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw asDiskFull(folder, error);
  });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Makes new, renamed and deleted names of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAndSync(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function asDiskFull(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new LikenessError('disk_full', `no space left to write ${path}`, { cause: error });
}
