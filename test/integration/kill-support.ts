import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase } from '../../scripts/soak/round.js';
import { soakPhase, type SoakReport } from '../../scripts/soak/soak-phase.js';

/** Runs a few rounds of a phase in a folder of its own, with another seed each time; the seed is printed. */
export async function soak(phase: Phase, rounds: number): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-kill-'));
  const seed = String(Date.now());
  console.log(`${phase.name}: seed ${seed}`);
  try {
    return await soakPhase({ phase, rounds, dataDir: join(folder, 'data'), seed });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
