/**
 * Kills Likeness again and again (kill -9) amid its work, and checks after each time that nothing acknowledged is lost
 * and nothing is doubled. Exit status 1 if something is.
 * Usage: node dist/scripts/soak/kill-soak.js [--rounds 200] [--phase writes] [--seed words] [--keep]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PHASES } from './phases.js';
import { soakPhase } from './soak-phase.js';

const MAX_FAULTS = 20;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    phase: { type: 'string' },
    seed: { type: 'string', default: String(Date.now()) },
    keep: { type: 'boolean', default: false },
  },
});

const chosen = PHASES.filter(({ name }) => values.phase === undefined || name === values.phase);
const rounds = Math.ceil(Number(values.rounds) / chosen.length);
const folder = await mkdtemp(join(tmpdir(), 'likeness-soak-'));
console.log(`seed ${values.seed}; ${rounds} rounds each of ${chosen.map(({ name }) => name).join(', ')}`);

const totals = { rounds: 0, cutRequests: 0, cutWork: 0, faults: 0 };
for (const phase of chosen) {
  const dataDir = join(folder, phase.name);
  const report = await soakPhase({ phase, rounds, dataDir, seed: values.seed, onRound: console.log });
  console.log(JSON.stringify({ ...report, faults: report.faults.slice(0, MAX_FAULTS) }));
  totals.rounds += report.rounds;
  totals.cutRequests += report.cutRequests;
  totals.cutWork += report.cutWork;
  totals.faults += report.faults.length;
}
console.log(
  `${totals.rounds} kills, ${totals.cutRequests} left a request unanswered, ` +
    `${totals.cutWork} cut the phase's own work short, ${totals.faults} faults`,
);
if (totals.faults > 0) process.exitCode = 1;
if (values.keep || totals.faults > 0) console.log(`data directories: ${folder}`);
else await rm(folder, { recursive: true, force: true });
