import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LikenessError } from '../engine/errors.js';

/** Looks before long work whether its result can be written. @throws `invalid_request` if the file's folder is not there */
export async function requireOutput(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch((error: unknown) => refuse(file, error));
}

/** Writes a file that the user asked for. @throws `invalid_request` if that cannot be done */
export async function writeOutput(file: string, contents: string | Uint8Array): Promise<void> {
  await writeFile(file, contents).catch((error: unknown) => refuse(file, error));
}

function refuse(file: string, cause: unknown): never {
  throw new LikenessError('invalid_request', `expected a file that can be written at ${file}: ${String(cause)}`, {
    cause,
  });
}
