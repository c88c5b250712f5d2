import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../kill-amid.js';
import { LikenessProcess } from '../likeness-process.js';
import { addedIds } from '../on-disk.js';
import { variantOf, type SoakPicture } from '../pictures.js';
import type { Phase, Round } from '../round.js';

/** Enough that the command is still at work when it is killed. */
const FILES = 96;

/**
 * `likeness index` of a folder, killed amid it, and in the next round run again to its end, through the server then. What
 * its ledger says was added counts as acknowledged.
 */
export const indexFolder: Phase = {
  name: 'index',
  environment: {},
  interrupt: async (round) => {
    await finishEarlier(round);
    await round.server.stop();
    const folder = folderOf(round, round.number);
    await writeFolder(round, folder);
    const command = indexCommand(round, folder);
    const added = () => addedIds(ledgerOf(folder));
    await waitUntil(() => command.hasEnded || added().length > 0, 30_000);
    await sleep(round.random.between(0, 400));
    const isInterrupted = !command.hasEnded;
    await command.kill();
    if (added().length === 0) round.world.faults.push(`index added nothing:\n${command.lines.join('\n')}`);
    for (const id of added()) round.world.acknowledged(id, 0);
    return isInterrupted;
  },
};

async function finishEarlier(round: Round): Promise<void> {
  const number = round.number - 1;
  if (!existsSync(folderOf(round, number))) return;
  const command = indexCommand(round, folderOf(round, number));
  const status = await command.ended();
  if (status !== 0) round.world.faults.push(`index ended with ${status ?? 'a signal'}: ${command.lines.join('\n')}`);
  for (const { id, picture } of filesOf(round, number)) {
    expectFile(round, id, picture);
    round.world.acknowledged(id, 0);
  }
}

async function writeFolder(round: Round, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { id, picture } of filesOf(round, round.number)) {
    await writeFile(join(folder, basename(id)), picture.bytes);
    expectFile(round, id, picture);
  }
}

function expectFile({ world }: Round, id: string, { look, contentHash }: SoakPicture): void {
  world.sent(id, { look, contentHash, metadata: {} });
}

/** The files of one round's folder, the same each time it is asked for. */
function filesOf({ looks }: Round, number: number): { id: string; picture: SoakPicture }[] {
  return Array.from({ length: FILES }, (_, file) => ({
    id: `folder${number}/${file}.jpg`,
    picture: variantOf(looks[(number + file) % looks.length]!, number * FILES + file),
  }));
}

function indexCommand({ dataDir, collection }: Round, folder: string): LikenessProcess {
  const place = ['-c', collection, '--data-dir', dataDir, '--ledger', ledgerOf(folder)];
  return new LikenessProcess(['index', folder, '--id-prefix', `${basename(folder)}/`, ...place]);
}

function ledgerOf(folder: string): string {
  return `${folder}.ndjson`;
}

function folderOf({ dataDir }: Round, number: number): string {
  return join(`${dataDir}-folders`, `folder${number}`);
}
