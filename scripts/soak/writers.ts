import type { LikenessClient } from '../../client/likeness-client.js';
import type { Metadata } from '../../engine/types.js';
import { variantOf } from './pictures.js';
import type { Round } from './round.js';
import type { Expected } from './world.js';

const WRITERS = 6;
const IDS_PER_WRITER = 12;
const VARIANTS = 8;

/** Several writers at once, each on ids of its own, until the server is gone: add, replace, patch, delete, add again. */
export async function runWriters(round: Round): Promise<void> {
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => runWriter(round, writer)));
}

async function runWriter(round: Round, writer: number): Promise<void> {
  const { random } = round;
  for (let step = 0; !round.server.isKilled; step++) {
    const id = `w${writer}/${random.whole(1, IDS_PER_WRITER)}.jpg`;
    const metadata = { writer, step: `${round.number}.${step}` };
    const known = round.world.get(id);
    if (known !== undefined && random.chance(0.25)) await remove(round, id);
    else if (known !== undefined && random.chance(0.3)) await patch(round, id, known, metadata.step);
    else await put(round, id, metadata);
  }
}

function put(round: Round, id: string, metadata: Metadata): Promise<void> {
  const picture = variantOf(round.random.pick(round.looks), round.random.whole(1, VARIANTS));
  const { look, contentHash, bytes } = picture;
  return write(round, id, { look, contentHash, metadata }, (client) =>
    client.put(round.collection, { id, bytes, metadata }),
  );
}

function patch(round: Round, id: string, known: NonNullable<Expected>, step: string): Promise<void> {
  const next = { ...known, metadata: { ...known.metadata, patched: step } };
  return write(round, id, next, (client) => client.patch(round.collection, id, { patched: step }));
}

function remove(round: Round, id: string): Promise<void> {
  return write(round, id, undefined, (client) => client.delete(round.collection, id));
}

/** Sends one write. A refusal by a server that was not killed is a fault. */
async function write(
  { world, server, client }: Round,
  id: string,
  next: Expected,
  send: (client: LikenessClient) => Promise<{ sequence: number }>,
): Promise<void> {
  world.sent(id, next);
  try {
    const { sequence } = await send(client);
    world.acknowledged(id, sequence);
  } catch (error) {
    if (!server.isKilled) world.faults.push(`${id}: a write failed though nothing was killed: ${String(error)}`);
  }
}
