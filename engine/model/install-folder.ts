import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../durable-file.js';

/**
 * Makes a folder whole or not at all: fill writes its files in a folder beside it, which then takes its name. If another
 * process was faster, its folder stays.
 */
export async function installFolder(directory: string, fill: (staging: string) => Promise<void>): Promise<void> {
  const parent = dirname(directory);
  const created = await mkdir(parent, { recursive: true });
  if (created !== undefined) await syncFolder(dirname(created));
  const staging = join(parent, `.${randomUUID()}`);
  await mkdir(staging);
  try {
    await fill(staging);
    await syncFolder(staging);
    await rename(staging, directory).catch(unlessPresent);
    await syncFolder(parent);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Copies a file (sharing its blocks where the file system can) and waits until it is on the disk. */
export async function copyFileDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r');
  await handle.sync().finally(() => handle.close());
}

/** A folder cannot be renamed onto one that holds files. */
function unlessPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
