import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { LikenessError } from '../../engine/errors.js';
import { rejectedIds } from '../../scripts/indexing/ledger.js';
import { answersOf, damages, filesIn, makeBase, wrongAnswers, type Base } from './damage-support.js';

const SEED = Number(process.env['DAMAGE_SEED'] ?? Date.now() % 1_000_000);
const FLIPS = Number(process.env['DAMAGE_FLIPS'] ?? 1);

let base: Base;
beforeAll(async () => {
  base = await makeBase();
  console.log(`damage: seed ${SEED}, ${FLIPS} flips a file`);
}, 60_000);
afterAll(() => rmSync(base.dataDir, { recursive: true, force: true }));

/** Opens a damaged copy of the data directory. @returns what became of the collection: its answers, or a code */
async function outcomeOf(file: string, damage: (path: string) => void): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'likeness-damage-'));
  cpSync(base.dataDir, dataDir, { recursive: true });
  damage(join(dataDir, file));
  let engine: Engine | undefined;
  try {
    engine = await Engine.open(engineConfigSchema.parse({ dataDir, inferenceThreads: 1 }), { command: 'test' });
    const aside = engine.quarantined().find(({ name }) => name === base.collection);
    if (aside !== undefined) return `aside: ${aside.error.code}`;
    const wrong = wrongAnswers(await answersOf(engine.get(base.collection)), base.answers);
    return wrong.length > 0 ? `WRONG: ${wrong.join(', ')}` : 'right';
  } catch (error) {
    if (error instanceof LikenessError) return `refused: ${error.code}`;
    throw error;
  } finally {
    await engine?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function outcomesOf(files: string[]): Promise<{ file: string; damage: string; outcome: string }[]> {
  const outcomes = [];
  for (const [i, file] of files.entries()) {
    for (const { name, apply } of damages(statSync(join(base.dataDir, file)).size, SEED + i, FLIPS)) {
      outcomes.push({ file, damage: name, outcome: await outcomeOf(file, apply) });
    }
  }
  return outcomes;
}

describe('a damaged file of the data directory', () => {
  it('of a kept model puts the collections of that model aside', async () => {
    const files = filesIn(base.dataDir).filter((file) => file.startsWith('model-copies/'));
    expect(files).toHaveLength(3);
    const outcomes = await outcomesOf(files);
    const isClear = (outcome: string) => /^aside: (model_invalid|model_not_found|fingerprint_mismatch)$/.test(outcome);
    // the words of a manifest may change without a change in meaning
    const isHarmless = (file: string, outcome: string) => file.endsWith('manifest.json') && outcome === 'right';
    expect(outcomes.filter(({ file, outcome }) => !isClear(outcome) && !isHarmless(file, outcome))).toEqual([]);
  }, 300_000);

  it('that says who held it is written anew', async () => {
    const note = (path: string) => writeFileSync(path, '{"pid": 1, "comm');
    expect(await outcomeOf('holder.json', note)).toBe('right');
  }, 60_000);

  it('that is the lock is refused by name, or does no harm', async () => {
    const outcomes = await outcomesOf(['lock.sqlite']);
    outcomes.push({
      file: 'lock',
      damage: 'noise',
      outcome: await outcomeOf('lock.sqlite', (path) => writeFileSync(path, 'noise '.repeat(100))),
    });
    expect(outcomes.filter(({ outcome }) => !/^(right|refused: store_corrupt)$/.test(outcome))).toEqual([]);
    expect(outcomes.at(-1)!.outcome).toBe('refused: store_corrupt');
  }, 60_000);
});

it('a torn or damaged line of a ledger is passed over', async () => {
  const ledger = join(base.dataDir, 'ledger.ndjson');
  const lines = [
    '{"id":"a","outcome":"rejected"}',
    '{"id":"b","outc\u0000me":"rejected"}',
    'null',
    '{"id":"c","outcome":"rej',
  ];
  writeFileSync(ledger, lines.join('\n'));
  expect(await rejectedIds(ledger)).toEqual(new Set(['a']));
});
