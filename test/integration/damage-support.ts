import { cpSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Collection } from '../../engine/collection/collection.js';
import { LikenessError } from '../../engine/errors.js';
import { openTestEngine, putVector } from '../support/engine.js';
import { drawPicture } from '../support/pictures.js';
import { near, randomUnit, seededRandom } from '../support/vectors.js';

/** A data directory as a kill leaves it, and what its collection answers while all is well. */
export interface Base {
  dataDir: string;
  collection: string;
  answers: Answers;
  sequence: number;
}

export type Answers = Record<string, string>;

const VECTORS = 120;
const PICTURES = 3;
const QUERIES = Array.from({ length: 6 }, (_, i) => randomUnit(256, seededRandom(1000 + i)));
/** What may be said instead of an answer; anything else is a crash. */
const CLEAR = ['store_corrupt', 'generation_corrupt', 'original_not_available', 'collection_quarantined'];

/** Two generations, commits after them, deletions, and a write-ahead log that was not written back. */
export async function makeBase(): Promise<Base> {
  const test = await openTestEngine();
  const dataDir = mkdtempSync(join(tmpdir(), 'likeness-damage-'));
  try {
    const collection = await test.engine.create('base', { index: { ...INDEX } });
    const random = seededRandom(5);
    const add = async (from: number, to: number) => {
      for (let i = from; i < to; i++) await putVector(collection, `v${i}`, near(QUERIES[i % 6]!, 0.5, random), { i });
    };
    for (let i = 0; i < PICTURES; i++) await collection.put({ id: `p${i}`, bytes: await drawPicture(i) });
    await add(0, VECTORS / 2);
    await collection.checkpoint();
    for (let i = 0; i < 10; i++) await collection.delete(`v${i}`);
    await add(VECTORS / 2, VECTORS - 10);
    await collection.checkpoint();
    await add(VECTORS - 10, VECTORS);
    cpSync(test.dataDir, dataDir, { recursive: true });
    return {
      dataDir,
      collection: 'base',
      answers: await answersOf(collection),
      sequence: collection.epoch.index.sequence,
    };
  } finally {
    await test.close();
  }
}

const INDEX = { kind: 'hnsw', M: 16, efConstruction: 200, efSearch: 128, exactBelow: 0, rebuildRatio: 0.3 } as const;

/** Asks for everything. @returns answers as text; the code of an error where it is a clear one */
export async function answersOf(collection: Collection): Promise<Answers> {
  const { fingerprint } = collection.epoch.model;
  const ask: Record<string, () => Promise<unknown>> = {
    list: () => collection.list({ limit: 1000 }),
    count: () => collection.count(),
    filtered: () => collection.list({ limit: 1000, filter: { i: { lt: 50 } } }),
  };
  for (let i = 0; i < PICTURES; i++) {
    ask[`original ${i}`] = async () => Buffer.from((await collection.original(`p${i}`)).bytes).toString('base64');
  }
  QUERIES.forEach((vector, i) => {
    const search = async (exact: boolean) => {
      const { hits } = await collection.search({ queries: [{ kind: 'descriptor', vector, fingerprint }], k: 5, exact });
      return hits.map(({ record, score }) => [record.id, score.toFixed(5)]);
    };
    ask[`graph ${i}`] = () => search(false);
    ask[`exact ${i}`] = () => search(true);
  });
  const answers: Answers = {};
  for (const [name, question] of Object.entries(ask)) answers[name] = await clearly(question);
  return answers;
}

async function clearly(question: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await question());
  } catch (error) {
    if (error instanceof LikenessError && CLEAR.includes(error.code)) return error.code;
    throw error;
  }
}

/** @returns names of the answers that are neither right nor a clear error. */
export function wrongAnswers(given: Answers, right: Answers): string[] {
  return Object.keys(right).filter((name) => given[name] !== right[name] && !CLEAR.includes(given[name] ?? ''));
}

/** @returns every file below a folder, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)))
    .sort();
}

/** One way in which a file may be damaged. */
export interface Damage {
  name: string;
  apply: (path: string) => void;
}

/** Cuts at telling lengths, and bits flipped at places that the seed chooses. */
export function damages(bytes: number, seed: number, flips: number): Damage[] {
  const random = seededRandom(seed);
  // without its last byte alone, JSON would only miss the end of its line
  const lengths = [...new Set([0, bytes >> 1, bytes - 2])].filter((length) => length >= 0 && length < bytes);
  const cuts = lengths.map((length) => ({ name: `cut to ${length}`, apply: (path: string) => cut(path, length) }));
  const places = Array.from({ length: flips }, () => [Math.floor(random() * bytes), Math.floor(random() * 8)] as const);
  const flipped = places.map(([place, bit]) => ({
    name: `bit ${bit} of byte ${place} flipped`,
    apply: (path: string) => flip(path, place, bit),
  }));
  return bytes === 0 ? [] : [...cuts, ...flipped];
}

function cut(path: string, length: number): void {
  writeFileSync(path, readFileSync(path).subarray(0, length));
}

function flip(path: string, place: number, bit: number): void {
  const bytes = readFileSync(path);
  bytes[place]! ^= 1 << bit;
  writeFileSync(path, bytes);
}
