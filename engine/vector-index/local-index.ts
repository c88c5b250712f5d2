import { LikenessError } from '../errors.js';
import type { IndexConfig } from '../types.js';
import { ExactIndex } from './exact-index.js';
import { keptSequences, loadNewest, saveGeneration, type RejectedGeneration } from './generation-folder.js';
import type { LoadedGeneration } from './generation.js';
import type { IndexIdentity } from './generation-manifest.js';
import { HnswIndex } from './hnsw-index.js';
import type { IndexCore, NodeSearchOptions } from './index-core.js';
import type { IndexStats, Neighbours, NodeChanges, NodeSearchPlan, VectorIndex } from './vector-index.js';
import { SignIndex } from './sign-index.js';
import { VectorTable } from './vector-table.js';

/** Longest stretch of background work between two requests. */
const STEP_BUDGET_MS = 5;

export interface IndexOptions {
  config: IndexConfig;
  dimension: number;
  /** Of the model and descriptor chain; a generation of another one is refused. */
  fingerprint: string;
  /** Where this index's generations lie; made if it is not there. */
  directory: string;
  /** Start empty and leave the directory alone, as a rebuild beside a running index does. */
  fresh?: boolean;
}

/** What opening found on disk. */
export interface OpenReport {
  /** Commits up to this one are in the index; 0 if no generation was loaded. */
  sequence: number;
  live: number;
  /** Damaged or foreign generations that were put aside, newest first. */
  rejected: RejectedGeneration[];
  /** Sequences of the generations on disk, rising; the change log must reach back to the first. */
  kept: number[];
}

/** An index as its worker offers it: the port, and what its owner needs to keep it on disk. */
export interface PersistentIndex extends VectorIndex {
  /**
   * Saves what is visible as a generation; searches and changes go on meanwhile. Saves run one after another.
   * @returns its sequence, and the sequences of all generations on disk, rising.
   * @throws `disk_full`
   */
  save(): Promise<{ sequence: number; kept: number[] }>;
  /** Resolves when no node waits to enter the graph or to be coded. */
  idle(): Promise<void>;
}

interface Waiter {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** An index in this thread: a core, the pump of its background work, and its generations. */
export class LocalIndex implements PersistentIndex {
  readonly opened: OpenReport;
  readonly #core: IndexCore;
  readonly #identity: IndexIdentity;
  readonly #directory: string;
  #generationSequence: number;
  #pump: NodeJS.Immediate | undefined;
  #lastSave: Promise<unknown> = Promise.resolve();
  #waiting: Waiter[] = [];
  #isClosed = false;

  /** Loads the newest sound generation, or starts empty. Synchronous: nothing can be answered before it is done. */
  constructor(options: IndexOptions) {
    const { config, dimension, fingerprint, directory } = options;
    this.#identity = { kind: config.kind, dimension, M: config.M, efConstruction: config.efConstruction, fingerprint };
    this.#directory = directory;
    const { generation, rejected } = options.fresh === true ? { rejected: [] } : loadNewest(directory, this.#identity);
    this.#core = createCore(options, generation);
    this.#generationSequence = generation?.sequence ?? 0;
    const kept = options.fresh === true ? [] : keptSequences(directory);
    this.opened = { sequence: this.#generationSequence, live: this.#core.stats().live, rejected, kept };
    this.#startPump();
  }

  apply(changes: NodeChanges): Promise<void> {
    return this.#answer(() => {
      this.#core.apply(changes);
      this.#startPump();
    });
  }

  search(query: Float32Array, k: number, options?: NodeSearchOptions): Promise<Neighbours & { plan: NodeSearchPlan }> {
    return this.#answer(() => this.#core.search(query, k, options));
  }

  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Promise<Neighbours> {
    return this.#answer(() => this.#core.searchAmong(query, nodes, k));
  }

  stats(): Promise<IndexStats> {
    return this.#answer(() => ({ ...this.#core.stats(), generationSequence: this.#generationSequence }));
  }

  save(): Promise<{ sequence: number; kept: number[] }> {
    return this.#answer(() => {
      const saved = this.#lastSave.then(() => this.#saveNow());
      this.#lastSave = saved.catch(() => undefined);
      return saved;
    });
  }

  idle(): Promise<void> {
    return this.#answer(() => {
      if (this.#core.stats().pending === 0) return;
      return new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    });
  }

  /** Waits for a save that runs: the graph must not go away under it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearImmediate(this.#pump);
    this.#takeWaiting().forEach(({ reject }) => reject(closedError()));
    await this.#lastSave;
  }

  async #saveNow(): Promise<{ sequence: number; kept: number[] }> {
    const snapshot = this.#core.freeze();
    try {
      const kept = await saveGeneration(this.#directory, this.#identity, snapshot);
      this.#generationSequence = snapshot.sequence;
      return { sequence: snapshot.sequence, kept };
    } finally {
      this.#core.thaw();
      this.#startPump();
    }
  }

  /** Steps of background work, with a turn of the event loop between two so that requests come in. */
  #startPump(): void {
    if (this.#isClosed) return;
    this.#pump ??= setImmediate(() => {
      this.#pump = undefined;
      const hasMore = this.#core.step(STEP_BUDGET_MS);
      if (hasMore) this.#startPump();
      else if (this.#core.stats().pending === 0) this.#takeWaiting().forEach(({ resolve }) => resolve());
    });
  }

  #takeWaiting(): Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** Runs at once; a throw becomes a rejection. */
  #answer<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      if (this.#isClosed) throw closedError();
      resolve(work());
    });
  }
}

function createCore({ config, dimension }: IndexOptions, generation: LoadedGeneration | undefined): IndexCore {
  const state = generation ?? { sequence: 0, table: new VectorTable(dimension) };
  switch (config.kind) {
    case 'exact':
      return new ExactIndex(state.table, state.sequence);
    case 'hnsw':
      return new HnswIndex(config, state);
    case 'sign':
      return new SignIndex(config, state);
  }
}

function closedError(): LikenessError {
  return new LikenessError('shutting_down', 'the vector index is closed');
}
