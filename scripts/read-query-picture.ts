import { readFile } from 'node:fs/promises';
import { LikenessError } from '../engine/errors.js';
import { userPath } from './cli-paths.js';

/** @returns the bytes of a picture to search by, as the user named it. @throws `file_unreadable` */
export async function readQueryPicture(file: string): Promise<Uint8Array> {
  return readFile(userPath(file)).catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `expected a picture at ${file}: ${String(error)}`, { cause: error });
  });
}
