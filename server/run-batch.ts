import type { LikenessError } from '../engine/errors.js';
import { toLikenessError } from '../engine/errors.js';
import type { BatchInput } from './batch-input.js';
import { toItemError } from './problem.js';
import type { BatchResult } from './schemas.js';
import type { ServedCollection } from './served.js';

export interface BatchOptions {
  /** Items worked on at once. */
  parallel: number;
  signal: AbortSignal;
  onError?: (error: LikenessError) => void;
}

/**
 * Does what the items ask for, several at once, and tells of each in the order of the items. Items of one id are done one
 * after the other. Stops taking items when the signal aborts.
 */
export async function* runBatch(
  collection: ServedCollection,
  items: AsyncIterable<BatchInput>,
  options: BatchOptions,
): AsyncGenerator<BatchResult> {
  const running: Promise<BatchResult>[] = [];
  const lastOfId = new Map<string, Promise<unknown>>();
  let index = 0;
  for await (const item of items) {
    if (options.signal.aborted) break;
    running.push(start(collection, item, { ...options, index: index++, lastOfId }));
    if (running.length >= options.parallel) yield (await running.shift())!;
  }
  for (const result of running) yield await result;
}

interface Place extends BatchOptions {
  index: number;
  lastOfId: Map<string, Promise<unknown>>;
}

function start(collection: ServedCollection, item: BatchInput, place: Place): Promise<BatchResult> {
  const { index, lastOfId, signal } = place;
  const { id } = item;
  const before = id === undefined ? undefined : lastOfId.get(id);
  const result = (before ?? Promise.resolve())
    .then(() => perform(collection, item, signal))
    .then((done) => ({ index, ...done }))
    .catch((thrown: unknown) => {
      const error = toLikenessError(thrown);
      place.onError?.(error);
      return { index, ...(id === undefined ? {} : { id }), error: toItemError(error) };
    });
  if (id !== undefined) lastOfId.set(id, result);
  return result;
}

async function perform(
  collection: ServedCollection,
  item: BatchInput,
  signal: AbortSignal,
): Promise<Omit<BatchResult, 'index'>> {
  if (item.op === 'fault') throw item.error;
  if (item.op === 'delete') return { id: item.id, outcome: 'deleted', ...(await collection.delete(item.id)) };
  if (item.op === 'import') {
    const { outcome, sequence } = await collection.putDescribed(item.write, item.fingerprint);
    return { id: item.id, outcome, sequence };
  }
  const id = item.id === undefined ? {} : { id: item.id };
  const { record, outcome, sequence } = await collection.put({ ...id, ...(await item.picture()), signal });
  return { id: record.id, outcome, sequence };
}
