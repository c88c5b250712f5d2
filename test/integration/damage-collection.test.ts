import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCollection } from '../../engine/collection/verify.js';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { answersOf, damages, filesIn, makeBase, wrongAnswers, type Base, type Damage } from './damage-support.js';

const SEED = Number(process.env['DAMAGE_SEED'] ?? Date.now() % 1_000_000);
const FLIPS = Number(process.env['DAMAGE_FLIPS'] ?? 1);
/** Collections, each damaged in its own way, that one engine opens. */
const AT_ONCE = 12;

let base: Base;
beforeAll(async () => {
  base = await makeBase();
}, 60_000);
afterAll(() => rmSync(base.dataDir, { recursive: true, force: true }));

interface Outcome {
  file: string;
  damage: string;
  /** Put aside when it was opened, all answers right, or some refused; WRONG otherwise. */
  showing: string;
  /** What verify says, where it could be opened. */
  faults: number;
  /** Commits that are gone, of a store that opened. */
  lostCommits: number;
  /** Nothing found by verify, and each search sees exactly what is listed. */
  isConsistent: boolean;
}

/** Damages copies of the collection, and opens all of them with one engine, beside a sound one. */
async function outcomesOf(cases: { file: string; damage: Damage }[]): Promise<Outcome[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'likeness-damage-'));
  const folder = join(base.dataDir, 'collections', base.collection);
  cpSync(join(base.dataDir, 'model-copies'), join(dataDir, 'model-copies'), { recursive: true });
  cpSync(folder, join(dataDir, 'collections', 'sound'), { recursive: true });
  cases.forEach(({ file, damage }, i) => {
    const copy = join(dataDir, 'collections', `c${i}`);
    cpSync(folder, copy, { recursive: true });
    damage.apply(join(copy, file));
  });
  const engine = await Engine.open(engineConfigSchema.parse({ dataDir, inferenceThreads: 1 }), { command: 'test' });
  try {
    expect(await answersOf(engine.get('sound'))).toEqual(base.answers);
    const outcomes: Outcome[] = [];
    for (const [i, { file, damage }] of cases.entries()) {
      outcomes.push({ file, damage: damage.name, ...(await showing(engine, `c${i}`)) });
    }
    return outcomes;
  } finally {
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function showing(engine: Engine, name: string): Promise<Omit<Outcome, 'file' | 'damage'>> {
  const aside = engine.quarantined().find((collection) => collection.name === name);
  if (aside !== undefined) {
    expect(() => engine.get(name)).toThrow(expect.objectContaining({ code: 'collection_quarantined' }));
    return { showing: `aside: ${aside.error.code}`, faults: 1, lostCommits: 0, isConsistent: true };
  }
  const collection = engine.get(name);
  const given = await answersOf(collection);
  // the described images were added without bytes
  const faults = (await verifyCollection(collection, { repair: false })).filter(
    ({ problem }) => !/original of v\d+, but its bytes were not kept/.test(problem),
  ).length;
  const { images, nodes, sequence, index } = await collection.info();
  const facts = {
    faults,
    lostCommits: base.sequence - sequence,
    isConsistent: faults === 0 && given['count'] === String(images) && index.live === nodes,
  };
  const wrong = wrongAnswers(given, base.answers);
  if (wrong.length > 0) return { showing: `WRONG: ${wrong.join(', ')}`, ...facts };
  const refused = Object.keys(given).filter((question) => given[question] !== base.answers[question]);
  return { showing: refused.length > 0 ? 'refused' : 'right', ...facts };
}

async function damageEach(files: string[], flips: number): Promise<Outcome[]> {
  console.log(`damage: seed ${SEED}, ${flips} flips a file`);
  const folder = join(base.dataDir, 'collections', base.collection);
  const cases = files.flatMap((file, i) =>
    damages(statSync(join(folder, file)).size, SEED + i, flips).map((damage) => ({ file, damage })),
  );
  const outcomes: Outcome[] = [];
  for (let at = 0; at < cases.length; at += AT_ONCE)
    outcomes.push(...(await outcomesOf(cases.slice(at, at + AT_ONCE))));
  return outcomes;
}

const collectionFiles = (pattern: RegExp) =>
  filesIn(join(base.dataDir, 'collections', base.collection)).filter((file) => pattern.test(file));

const folderOf = (file: string) => file.split('/')[3];

/** What went wrong unnoticed, in words. */
const unnoticed = (outcomes: Outcome[]) =>
  outcomes.filter(({ showing, faults }) => showing.startsWith('WRONG') || (showing === 'refused' && faults === 0));

describe('a damaged file of a collection', () => {
  it('of the graph is told of, and every answer stays right', async () => {
    // the one before the newest is not even looked at
    const newest = collectionFiles(/^epochs\/1\/generations\//).filter(
      (file, _, all) => folderOf(file) === folderOf(all.at(-1)!),
    );
    expect(newest).toHaveLength(5);
    const outcomes = await damageEach(newest, 2 * FLIPS);
    expect(outcomes.filter(({ showing, faults }) => showing !== 'right' || faults === 0)).toEqual([]);
  }, 300_000);

  it('of the store puts the collection aside, or refuses answers, or harms none', async () => {
    const outcomes = await damageEach(['epochs/1/store.sqlite'], 8 * FLIPS);
    expect(unnoticed(outcomes)).toEqual([]);
    expect(outcomes.filter(({ showing }) => showing.startsWith('aside')).length).toBeGreaterThan(1);
  }, 300_000);

  it('of the write-ahead log puts the collection aside, or takes back what was committed last', async () => {
    const outcomes = await damageEach(['epochs/1/store.sqlite-wal'], 8 * FLIPS);
    const isTold = ({ showing }: Outcome) => /^(right|aside: store_corrupt)$/.test(showing);
    const untold = outcomes.filter((outcome) => !isTold(outcome));
    // SQLite takes a torn end for a commit that never was; the collection is whole then, as it was before it
    expect(untold.filter(({ isConsistent }) => !isConsistent)).toEqual([]);
    expect(untold.filter(({ damage, lostCommits }) => damage.startsWith('bit') && lostCommits > 1)).toEqual([]);
  }, 300_000);

  it('that names the epoch in use, or holds an original, is told of', async () => {
    const files = ['current.json', ...collectionFiles(/^originals\//)];
    const outcomes = await damageEach(files, FLIPS);
    expect(outcomes.filter(({ showing }) => !['refused', 'aside: store_corrupt'].includes(showing))).toEqual([]);
    expect(outcomes.filter(({ faults }) => faults === 0)).toEqual([]);
  }, 300_000);
});
