import { createHash } from 'node:crypto';
import type { CollectionAnswer } from '../../server/schemas.js';
import type { ImageRecord } from '../../engine/types.js';
import type { Round } from './round.js';

const MAX_HITS = 1000;
/** Images whose kept bytes, and looks whose picture, are looked at in one check. */
const SAMPLE = 4;
const SAME_SCORE = 0.9999;

/**
 * Compares a collection with what was acknowledged: records, counts, sequence, the index, searches and kept bytes.
 * Faults are gathered in the world.
 */
export async function checkWorld(round: Round): Promise<void> {
  const { client, collection, world } = round;
  const records: ImageRecord[] = [];
  for await (const record of client.list(collection)) records.push(record);
  world.compare(records);
  const info = await client.collection(collection);
  checkCounts(round, info, records.length);
  await checkSearches(round, records, info.fingerprint ?? '');
  await checkOriginals(round);
}

function checkCounts({ world }: Round, info: CollectionAnswer, listed: number): void {
  const { images, nodes, sequence = 0, index } = info;
  if (images !== listed) world.faults.push(`${images ?? 'no'} images are counted, ${listed} are listed`);
  if (index?.live !== nodes) world.faults.push(`the store has ${nodes ?? 0} nodes, the index ${index?.live ?? 0}`);
  if (sequence < world.sequence)
    world.faults.push(`sequence ${world.sequence} was acknowledged, now it is ${sequence}`);
}

/** A search by a look must find all images of that look before any other. */
async function checkSearches(round: Round, records: readonly ImageRecord[], fingerprint: string): Promise<void> {
  const { world, looks, vectors, random } = round;
  const idsOfLook = new Map<string, string[]>();
  for (const { id } of records) {
    const look = world.get(id)?.look;
    if (look !== undefined) idsOfLook.set(look, [...(idsOfLook.get(look) ?? []), id]);
  }
  const byPicture = new Set(Array.from({ length: SAMPLE }, () => random.pick(looks)));
  for (const { look, bytes } of byPicture) await expectFound(round, idsOfLook, look, { images: [bytes] });
  const drawn = looks.map(({ look }) => look);
  const imported = [...idsOfLook.keys()].filter((look) => vectors.has(look));
  const someImported = imported.length === 0 ? [] : Array.from({ length: 3 * SAMPLE }, () => random.pick(imported));
  for (const look of new Set([...drawn, ...someImported])) {
    const vector = vectors.get(look);
    const descriptor = vector === undefined ? await descriptorOf(round, look, fingerprint) : [...vector];
    await expectFound(round, idsOfLook, look, { descriptor, fingerprint });
  }
}

type By = { images: Uint8Array[] } | { descriptor: number[]; fingerprint: string };

async function expectFound(round: Round, idsOfLook: Map<string, string[]>, look: string, by: By): Promise<void> {
  const expected = [...(idsOfLook.get(look) ?? [])].sort();
  const k = Math.min(MAX_HITS, expected.length + 5);
  const answer = await round.client.search(round.collection, by, { k });
  const same = answer.hits.filter(({ score }) => score > SAME_SCORE).map(({ id }) => id);
  if (expected.length <= MAX_HITS && same.sort().join() !== expected.join())
    round.world.faults.push(`${look} (${answer.plan}): expected to find ${expected.join()}, found ${same.join()}`);
}

/** By fingerprint and look, asked for once. */
const descriptors = new Map<string, number[]>();

async function descriptorOf(
  { client, collection, looks }: Round,
  look: string,
  fingerprint: string,
): Promise<number[]> {
  const key = `${fingerprint} ${look}`;
  const known = descriptors.get(key);
  if (known !== undefined) return known;
  const picture = looks.find((other) => other.look === look);
  if (picture === undefined) throw new Error(`expected a picture of the look ${look}`);
  const { descriptor } = await client.features(collection, picture.bytes);
  descriptors.set(key, descriptor);
  return descriptor;
}

/** Bytes come back as they were sent; the client checks nothing, so their hash is compared here. */
async function checkOriginals({ client, collection, world, random }: Round): Promise<void> {
  const drawn = world.ids.filter((id) => id.endsWith('.jpg'));
  if (drawn.length === 0) return;
  for (const id of Array.from({ length: SAMPLE }, () => random.pick(drawn))) {
    const bytes = await client.original(collection, id);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash !== world.get(id)?.contentHash) world.faults.push(`${id}: its original has other bytes`);
  }
}
