import type { Random } from '../demo/random.js';
import type { Round } from './round.js';

interface BatchItem {
  id: string;
  sequence?: number;
  error?: { code: string };
}

/** Adds images that were described elsewhere: cheap, for many changes of the graph. Each has a look of its own, its id. */
export async function importImages(round: Round, ids: string[], fingerprint: string, dimension: number): Promise<void> {
  const lines = ids.map((id) => {
    const vector = randomUnit(dimension, round.random);
    round.vectors.set(id, vector);
    const contentHash = Buffer.from(id).toString('hex').padEnd(64, '0');
    round.world.sent(id, { contentHash, look: id, metadata: { round: round.number } });
    return {
      op: 'import',
      id,
      fingerprint,
      contentHash,
      metadata: { round: round.number },
      ...FACTS,
      descriptor: base64(vector),
    };
  });
  await sendBatch(round, lines);
}

/** Removes images in one batch. */
export async function deleteImages(round: Round, ids: string[]): Promise<void> {
  for (const id of ids) round.world.sent(id, undefined);
  await sendBatch(
    round,
    ids.map((id) => ({ op: 'delete', id })),
  );
}

const TIME = new Date(0).toISOString();
const FACTS = {
  width: 10,
  height: 10,
  format: 'jpeg',
  bytes: 100,
  source: { kind: 'upload' },
  createdAt: TIME,
  updatedAt: TIME,
};

async function sendBatch({ world, server, http, collection }: Round, lines: { id: string }[]): Promise<void> {
  const ndjson = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const path = `/v1/collections/${collection}/images/batch`;
  try {
    const { items } = await http.json<{ items: BatchItem[] }>('POST', path, { ndjson });
    for (const { id, sequence, error } of items) {
      if (sequence !== undefined) world.acknowledged(id, sequence);
      else world.faults.push(`${id}: refused with ${error?.code ?? 'no code'}`);
    }
  } catch (error) {
    if (!server.isKilled) world.faults.push(`a batch failed though nothing was killed: ${String(error)}`);
  }
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** @returns a unit vector in a random direction. */
function randomUnit(dimension: number, random: Random): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => random.between(-1, 1));
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
