import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, renameDurably, syncFolder } from '../durable-file.js';
import { LikenessError } from '../errors.js';
import { readGeneration, writeGeneration, type LoadedGeneration } from './generation.js';
import type { IndexIdentity } from './generation-manifest.js';
import type { IndexSnapshot } from './index-core.js';

/** The newest, and the one before it in case the newest turns out to be damaged. */
const KEPT_GENERATIONS = 2;
/** sequence, then a number that tells saves of one sequence apart; both padded, so that names sort by age. */
const NAME = /^(\d{16})-(\d{4})$/;

/** A generation that was refused and put aside as bad-NAME (until the next start). */
export interface RejectedGeneration {
  name: string;
  message: string;
}

export interface GenerationSearch {
  generation?: LoadedGeneration;
  /** Newest first. */
  rejected: RejectedGeneration[];
}

/**
 * Loads the newest sound generation of a folder; clears what earlier runs left (half-written and refused ones).
 * @returns no generation if none is there, or none is sound.
 */
export function loadNewest(directory: string, identity: IndexIdentity): GenerationSearch {
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) {
    if (/^(tmp|bad)-/.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
  const rejected: RejectedGeneration[] = [];
  for (const name of generationNames(readdirSync(directory)).reverse()) {
    try {
      return { generation: readNamed(directory, name, identity), rejected };
    } catch (error) {
      if (!(error instanceof LikenessError) || error.code !== 'generation_corrupt') throw error;
      renameSync(join(directory, name), join(directory, `bad-${name}`));
      rejected.push({ name, message: error.message });
    }
  }
  return { rejected };
}

/**
 * Saves a snapshot as the newest generation. It appears under its name whole and durable, or not at all: written aside,
 * checked, fsynced, renamed, the parent fsynced. The two newest are kept, older ones are removed.
 * @returns the sequences of the generations that are kept, rising.
 * @throws `disk_full`
 */
export async function saveGeneration(
  directory: string,
  identity: IndexIdentity,
  snapshot: IndexSnapshot,
): Promise<number[]> {
  const temporary = join(directory, `tmp-${randomUUID()}`);
  try {
    await makeFolderDurably(directory);
    await mkdir(temporary);
    await writeGeneration(temporary, identity, snapshot);
    await syncFolder(temporary);
    await renameDurably(temporary, join(directory, nextName(await readdir(directory), snapshot.sequence)));
    return await removeOld(directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw isDiskFull(error)
      ? new LikenessError('disk_full', `no space left to save ${directory}`, { cause: error })
      : error;
  }
}

/** @returns the sequences of the generations in a folder, rising; the change log must reach back to the first. */
export function keptSequences(directory: string): number[] {
  return generationNames(readdirSync(directory)).map(sequenceOf);
}

function readNamed(directory: string, name: string, identity: IndexIdentity): LoadedGeneration {
  const generation = readGeneration(join(directory, name), identity);
  if (generation.sequence === sequenceOf(name)) return generation;
  const message = `${join(directory, name)}: expected sequence ${sequenceOf(name)}, got ${generation.sequence}`;
  throw new LikenessError('generation_corrupt', message);
}

async function removeOld(directory: string): Promise<number[]> {
  const names = generationNames(await readdir(directory));
  const old = names.splice(0, Math.max(0, names.length - KEPT_GENERATIONS));
  for (const name of old) await rm(join(directory, name), { recursive: true, force: true });
  return names.map(sequenceOf);
}

function nextName(names: string[], sequence: number): string {
  const prefix = String(sequence).padStart(16, '0');
  const last = generationNames(names).findLast((name) => name.startsWith(prefix));
  const attempt = last === undefined ? 0 : Number(last.slice(prefix.length + 1)) + 1;
  return `${prefix}-${String(attempt).padStart(4, '0')}`;
}

function generationNames(names: string[]): string[] {
  return names.filter((name) => NAME.test(name)).sort();
}

function sequenceOf(name: string): number {
  return Number(NAME.exec(name)?.[1]);
}

function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
