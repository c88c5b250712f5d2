import { setTimeout as sleep } from 'node:timers/promises';
import type { Round } from './round.js';

const FIRST_ANSWER_TIMEOUT_MS = 5000;

/** Kills the server at a random moment within `longestMs` from a first answer, and waits for the load to notice. */
export async function killAmid(round: Round, load: Promise<void>[], longestMs: number): Promise<void> {
  const { world, random } = round;
  const before = world.acknowledgements;
  await waitUntil(() => world.acknowledgements > before, FIRST_ANSWER_TIMEOUT_MS);
  await sleep(random.between(0, longestMs));
  await round.server.kill();
  await Promise.all(load);
}

/** Waits until something holds, or for `timeoutMs`. */
export async function waitUntil(holds: () => boolean, timeoutMs: number): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !holds() && Date.now() < deadline;) await sleep(5);
}
