import { isPictureError, toLikenessError } from '../errors.js';
import type { ImagePage } from '../store/store.js';
import type { EpochHolder } from './epoch-holder.js';

/** Images looked at per page. */
const PAGE_IMAGES = 256;

export interface VerifyOptions {
  /** Mends what can be mended: the index and the searched texts are made anew from the store. */
  repair: boolean;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Something that is not as it should be. */
export interface VerifyFault {
  part: 'store' | 'text' | 'index' | 'original';
  problem: string;
  repaired: boolean;
}

/**
 * Checks a collection: the store's rows, checksums and references; that searches by words see the text of the
 * metadata; that the index holds exactly the store's nodes; that every original can be read and is unchanged.
 */
export async function verifyCollection(collection: EpochHolder, options: VerifyOptions): Promise<VerifyFault[]> {
  const store = (await collection.epoch.store.verify()).map((problem) => ({
    part: 'store' as const,
    problem,
    repaired: false,
  }));
  // what cannot be read of a damaged store was listed already, and must not hide the rest
  const text = await unlessStoreIsDamaged(store, () => verifyText(collection, options.repair));
  const index = await unlessStoreIsDamaged(store, () => verifyIndex(collection, options.repair));
  const originals = await unlessStoreIsDamaged(store, () => verifyOriginals(collection, options));
  // a damaged store may not know all that is in use
  if (options.repair && store.length === 0) await sweepOriginals(collection);
  return [...store, ...text, ...index, ...originals];
}

async function unlessStoreIsDamaged(found: VerifyFault[], check: () => Promise<VerifyFault[]>): Promise<VerifyFault[]> {
  try {
    return await check();
  } catch (thrown) {
    const error = toLikenessError(thrown);
    if (error.code !== 'store_corrupt') throw error;
    return found.length > 0 ? [] : [{ part: 'store', problem: error.message, repaired: false }];
  }
}

async function verifyText({ epoch }: EpochHolder, repair: boolean): Promise<VerifyFault[]> {
  const problems = await epoch.store.textFaults();
  if (repair && problems.length > 0) await epoch.store.rebuildText();
  return problems.map((problem) => ({ part: 'text', problem, repaired: repair }));
}

async function verifyIndex(collection: EpochHolder, repair: boolean): Promise<VerifyFault[]> {
  const { store, index } = collection.epoch;
  const { nodes, sequence } = await store.info();
  await index.reach(sequence, 60_000);
  const { live } = await index.stats();
  const faults = index.rejectedGenerations.map(({ name, message }) => ({
    part: 'index' as const,
    problem: `generation ${name} was damaged and put aside: ${message}`,
    repaired: true,
  }));
  if (live === nodes) return faults;
  if (repair) await index.rebuild();
  return [
    ...faults,
    { part: 'index', problem: `expected ${nodes} nodes in the index, found ${live}`, repaired: repair },
  ];
}

async function verifyOriginals(collection: EpochHolder, options: VerifyOptions): Promise<VerifyFault[]> {
  const { store, config } = collection.epoch;
  const { images } = await store.info();
  const faults: VerifyFault[] = [];
  let done = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    options.signal?.throwIfAborted();
    const page: ImagePage = await store.imagePage(after, PAGE_IMAGES);
    for (const record of page.records) {
      if (record.source.kind === 'file' || config.keepOriginals) {
        const problem = await collection.originals.read(record).then(() => undefined, pictureProblem);
        if (problem !== undefined) faults.push({ part: 'original', problem, repaired: false });
      }
      options.onProgress?.(++done, images);
    }
    after = page.next;
  }
  return faults;
}

function pictureProblem(thrown: unknown): string {
  const error = toLikenessError(thrown);
  if (!isPictureError(error)) throw error;
  return error.message;
}

/** Removes bytes that no image refers to: what a crash left between keeping an upload and committing it. */
function sweepOriginals({ gate, epoch, originals }: EpochHolder): Promise<void> {
  return gate.alone(async () => originals.sweep(new Set(await epoch.store.keptContentHashes())));
}
