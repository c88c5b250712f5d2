import { rm } from 'node:fs/promises';
import { IndexClient } from '../vector-index/index-client.js';
import type { OpenReport } from '../vector-index/local-index.js';
import type { IndexStats, Neighbours, NodeChanges, NodeSearchPlan } from '../vector-index/vector-index.js';
import type { Change, Commit, Store } from '../store/store.js';
import { LikenessError, toLikenessError } from '../errors.js';
import type { IndexConfig } from '../types.js';
import { TaskChain } from './task-chain.js';

/** Nodes per message while an index is filled from the store. */
const PAGE_NODES = 4096;
/** Log entries per message while an index catches up. */
const PAGE_CHANGES = 4096;
/** A rebuild is not worth it below this many tombstones. */
const MIN_TOMBSTONES = 1000;

export interface IndexKeeperOptions {
  store: Store;
  /** Folder of the saved generations. */
  directory: string;
  fingerprint: string;
  dimension: number;
  config: IndexConfig;
  /** Node changes after which the graph is saved. */
  checkpointEvery: number;
  log: (event: string, facts: Record<string, unknown>) => void;
}

/**
 * Keeps one derived vector index in step with the store: loads the newest sound generation and replays the log (or
 * fills a fresh index), applies commits in order, saves checkpoints, and rebuilds in a second worker when too many
 * deleted nodes have gathered.
 */
export class IndexKeeper {
  readonly #options: IndexKeeperOptions;
  #client: IndexClient;
  #sequence: number;
  #changesSinceSave: number;
  #queue: Commit[] = [];
  readonly #changes = new TaskChain();
  readonly #upkeep = new TaskChain();
  #maintaining: Promise<void> | undefined;
  #waiters: { sequence: number; resolve: () => void }[] = [];
  #failure: LikenessError | undefined;
  #heldSequence = Infinity;
  #closed = false;

  private constructor(options: IndexKeeperOptions, client: IndexClient, sequence: number) {
    this.#options = options;
    this.#client = client;
    this.#sequence = sequence;
    // what was replayed is not saved either, or each start would replay it again
    this.#changesSinceSave = sequence - client.opened.sequence;
  }

  /** Opens the index and brings it up to the store's last commit. */
  static async open(options: IndexKeeperOptions): Promise<IndexKeeper> {
    const client = await openInStep(options);
    try {
      const loaded = client.opened.sequence;
      const sequence = await (loaded === 0 ? fill(client, options.store) : replay(client, options.store, loaded));
      return new IndexKeeper(options, client, sequence);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** Sequence of the last commit that searches see. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Generations that were found damaged when the index was opened. */
  get rejectedGenerations(): OpenReport['rejected'] {
    return this.#client.opened.rejected;
  }

  /** Takes a commit over from the store; it becomes visible to searches shortly after. */
  note(commit: Commit): void {
    this.#queue.push(commit);
    if (this.#queue.length > 1) return;
    void this.#changes.run(() => this.#flush()).then(() => this.#maintain());
  }

  /** Resolves when searches see the commit. @throws `sequence_timeout` */
  async reach(sequence: number, timeoutMs: number): Promise<void> {
    if (this.#sequence >= sequence) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `expected the index to reach sequence ${sequence} within ${timeoutMs} ms, it is at ${this.#sequence}`;
        reject(new LikenessError('sequence_timeout', message));
      }, timeoutMs);
    });
    const reached = new Promise<void>((resolve) => this.#waiters.push({ sequence, resolve }));
    await Promise.race([reached, late]).finally(() => clearTimeout(timer));
  }

  /** See {@link VectorIndex.search}. */
  search(
    query: Float32Array,
    k: number,
    options: { ef?: number; exact?: boolean },
  ): Promise<Neighbours & { plan: NodeSearchPlan }> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#client.search(query, k, options);
  }

  /** See {@link VectorIndex.searchAmong}. */
  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Promise<Neighbours> {
    return this.#client.searchAmong(query, nodes, k);
  }

  stats(): Promise<IndexStats> {
    return this.#client.stats();
  }

  /** Saves a generation and forgets the part of the change log that no kept generation needs. */
  checkpoint(): Promise<void> {
    return this.#upkeep.run(() => this.#save());
  }

  /** Keeps the change log above this sequence through later checkpoints; Infinity lets go. */
  holdLog(sequence: number): void {
    this.#heldSequence = sequence;
  }

  /** Fills a second index beside this one, catches up, swaps, saves. Searches go on meanwhile. */
  rebuild(): Promise<void> {
    return this.#upkeep.run(async () => {
      this.#options.log('rebuild', { sequence: this.#sequence });
      const fresh = await openIndex(this.#options, { fresh: true });
      try {
        const filled = await fill(fresh, this.#options.store);
        await fresh.idle();
        await this.#changes.run(() => this.#swap(fresh, filled));
      } catch (error) {
        if (this.#client !== fresh) await fresh.close();
        throw error;
      }
      this.#options.log('rebuilt', { sequence: this.#sequence });
      this.#changesSinceSave += 1;
      await this.#save();
    });
  }

  /** Waits for running maintenance, saves what is unsaved, ends the worker. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#maintaining;
    await this.#changes.run(() => Promise.resolve());
    if (this.#failure === undefined) await this.checkpoint();
    await this.#client.close();
  }

  async #save(): Promise<void> {
    if (this.#changesSinceSave === 0) return;
    this.#changesSinceSave = 0;
    const { sequence, kept } = await this.#client.save();
    await this.#options.store.pruneLog(Math.min(kept[0] ?? sequence, this.#heldSequence));
    this.#options.log('checkpoint', { sequence });
  }

  async #flush(): Promise<void> {
    // yield once, so that the commits of one group travel together
    await new Promise(setImmediate);
    const commits = this.#queue;
    this.#queue = [];
    try {
      await this.#applyCommits(commits);
    } catch (error) {
      // the store has the commits: searches fail until a rebuild has read them from there, instead of missing them
      this.#failure = toLikenessError(error);
      this.#options.log('index-failed', { error: this.#failure.message });
    }
  }

  async #swap(fresh: IndexClient, filled: number): Promise<void> {
    const sequence = await replay(fresh, this.#options.store, filled);
    const old = this.#client;
    this.#client = fresh;
    this.#failure = undefined;
    this.#advance(Math.max(sequence, this.#sequence));
    await old.close();
  }

  async #applyCommits(commits: Commit[]): Promise<void> {
    const changes = toNodeChanges(commits, this.#options.dimension, this.#sequence);
    const count = changes.putNodes.length + changes.deletedNodes.length;
    if (count > 0) await this.#client.apply(changes);
    this.#changesSinceSave += count;
    this.#advance(changes.sequence);
  }

  #advance(sequence: number): void {
    this.#sequence = sequence;
    this.#waiters = this.#waiters.filter((waiter) => {
      if (waiter.sequence > sequence) return true;
      waiter.resolve();
      return false;
    });
  }

  #maintain(): void {
    if (this.#closed || this.#maintaining !== undefined) return;
    this.#maintaining = this.#maintainAll()
      .catch((error: unknown) => this.#options.log('maintenance-failed', { error: String(error) }))
      .finally(() => {
        this.#maintaining = undefined;
      });
  }

  /** Goes on until nothing is due: what came meanwhile may be the last write for long. */
  async #maintainAll(): Promise<void> {
    while (!this.#closed) {
      if (this.#failure !== undefined || (await this.#tooManyTombstones())) await this.rebuild();
      else if (this.#changesSinceSave >= this.#options.checkpointEvery) await this.checkpoint();
      else return;
    }
  }

  async #tooManyTombstones(): Promise<boolean> {
    const { tombstones, live } = await this.#client.stats();
    return tombstones >= MIN_TOMBSTONES && tombstones / (tombstones + live) > this.#options.config.rebuildRatio;
  }
}

function openIndex(
  { config, dimension, fingerprint, directory }: IndexKeeperOptions,
  options: { fresh?: boolean } = {},
): Promise<IndexClient> {
  return IndexClient.open({ config, dimension, fingerprint, directory, ...options });
}

/** Opens the newest generation that the change log can bring up to date; older and newer ones are useless, and go. */
async function openInStep(options: IndexKeeperOptions): Promise<IndexClient> {
  const client = await openIndex(options);
  for (const fault of client.opened.rejected) options.log('generation-rejected', { ...fault });
  const { sequence: loaded } = client.opened;
  const { logStart, sequence } = await options.store.info();
  if (loaded === 0 || (loaded >= logStart && loaded <= sequence)) return client;
  options.log('generation-out-of-step', { loaded, logStart, sequence });
  await client.close();
  await rm(options.directory, { recursive: true, force: true });
  return openIndex(options);
}

/** Feeds every node of the store, then whatever was committed meanwhile. */
async function fill(client: IndexClient, store: Store): Promise<number> {
  const { sequence } = await store.info();
  let after = 0;
  for (;;) {
    const page = await store.nodePage(after, PAGE_NODES);
    const last = page.nodes.at(-1);
    if (last === undefined) break;
    await client.apply({ sequence, putNodes: page.nodes, putVectors: page.vectors, deletedNodes: new Uint32Array() });
    after = last;
  }
  return replay(client, store, sequence);
}

/** Applies the change log above `sequence`. @returns the sequence reached. */
async function replay(client: IndexClient, store: Store, sequence: number): Promise<number> {
  for (;;) {
    const entries = await store.changesSince(sequence, PAGE_CHANGES);
    const last = entries.at(-1);
    if (last === undefined) return sequence;
    await client.apply(await loggedChanges(store, entries, last.sequence));
    sequence = last.sequence;
  }
}

async function loggedChanges(store: Store, entries: Change[], sequence: number): Promise<NodeChanges> {
  // a node that was put and deleted since is no longer stored, and nodeVectors passes it over
  const put = await store.nodeVectors(
    Uint32Array.from(entries.flatMap(({ putNode, regionNodes }) => [putNode ?? [], regionNodes?.put ?? []].flat())),
  );
  const deletedNodes = Uint32Array.from(entries.flatMap(deletedNodesOf));
  return { sequence, putNodes: put.nodes, putVectors: put.vectors, deletedNodes };
}

/** @returns the commits as one message for the index; vectors [puts, dimension]. */
function toNodeChanges(commits: Commit[], dimension: number, sequence: number): NodeChanges {
  const puts = commits.flatMap(({ putNode, regionNodes }) => [putNode ?? [], regionNodes?.put ?? []].flat());
  const putVectors = new Float32Array(puts.length * dimension);
  puts.forEach((put, row) => putVectors.set(put.vector, row * dimension));
  return {
    sequence: commits.reduce((highest, commit) => Math.max(highest, commit.sequence), sequence),
    putNodes: Uint32Array.from(puts, (put) => put.node),
    putVectors,
    deletedNodes: Uint32Array.from(commits.flatMap(deletedNodesOf)),
  };
}

function deletedNodesOf({ deletedNode, regionNodes }: Commit | Change): number[] {
  return [deletedNode ?? [], regionNodes?.deleted ?? []].flat();
}
