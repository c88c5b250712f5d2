import { randomUUID } from 'node:crypto';
import { LikenessError, toLikenessError } from '../errors.js';
import { QueryLogClient } from '../store/query-log-client.js';
import type { Feedback, LoggedPart, LoggedQuery } from '../store/query-log.js';
import type { Json } from '../types.js';
import type { EventLog } from './services.js';

/** Queries that may wait to be logged; searches that come faster get no id. */
const MAX_WAITING = 10_000;
/** Rows of feedback read at once. */
const PAGE_ROWS = 200;

export interface QueryKeeperOptions {
  file: string;
  /** How long a query can be asked for again; 0 keeps none. */
  retentionMs: number;
  log: EventLog;
}

/**
 * The searches of a collection of late, by id, and the feedback on them. Its file and thread are made with the first
 * search; when it fails, searches go on without ids, and the failure is logged.
 */
export class QueryKeeper {
  readonly #options: QueryKeeperOptions;
  #client: Promise<QueryLogClient> | undefined;
  /** Queries that are being logged. */
  readonly #noted = new Set<Promise<unknown>>();

  constructor(options: QueryKeeperOptions) {
    this.#options = options;
  }

  /** Logs an answered search, without anybody waiting for it. @returns its id, or undefined if it is not kept */
  note(fingerprint: string, parts: readonly LoggedPart[], options: Json): string | undefined {
    if (this.#options.retentionMs === 0 || this.#noted.size >= MAX_WAITING) return undefined;
    const id = randomUUID();
    // a view would take the whole buffer under it along to the thread
    const copies = parts.map(({ vector, facts }) => ({ vector: vector.slice(), facts }));
    const query = { id, createdAtMs: Date.now(), fingerprint, parts: copies, options };
    const noted: Promise<unknown> = this.#use((client) => client.addQuery(query))
      .catch((error: unknown) => this.#options.log('query-log-failed', { error: toLikenessError(error).message }))
      .finally(() => this.#noted.delete(noted));
    this.#noted.add(noted);
    return id;
  }

  /** @throws `query_not_found` */
  async get(id: string): Promise<LoggedQuery> {
    const query = this.#options.retentionMs === 0 ? undefined : await this.#use((client) => client.query(id));
    if (query !== undefined) return query;
    const hours = this.#options.retentionMs / 3_600_000;
    throw new LikenessError('query_not_found', `expected the id of a query of the last ${hours} hours, got ${id}`, {
      details: { queryId: id },
    });
  }

  /** Durable when it resolves. */
  addFeedback(query: LoggedQuery, shown: string[], clicked: string[]): Promise<Feedback> {
    const { id: queryId, fingerprint, parts } = query;
    const made = { id: randomUUID(), createdAtMs: Date.now() };
    const feedback = { ...made, queryId, fingerprint, parts, shown, clicked };
    return this.#use((client) => client.addFeedback(feedback)).then(() => feedback);
  }

  /** All feedback, in the order in which it came; damaged rows are passed over, and logged. */
  async *feedback(): AsyncGenerator<Feedback> {
    for (let after: number | undefined = 0; after !== undefined;) {
      const from: number = after;
      const page = await this.#use((client) => client.feedbackPage(from, PAGE_ROWS));
      if (page.damaged > 0) this.#options.log('feedback-damaged', { rows: page.damaged });
      yield* page.feedback;
      after = page.next;
    }
  }

  /** Waits for what was noted. */
  async close(): Promise<void> {
    await Promise.all(this.#noted);
    await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((open) => open.close()).catch(() => undefined);
  }

  /** Damage that shows only now is dealt with by the next opening, which puts the file aside. */
  async #use<T>(task: (client: QueryLogClient) => Promise<T>): Promise<T> {
    this.#client ??= this.#open();
    try {
      return await task(await this.#client);
    } catch (error) {
      if (['store_corrupt', 'worker_crashed'].includes(toLikenessError(error).code)) await this.#closeFile();
      throw error;
    }
  }

  async #open(): Promise<QueryLogClient> {
    const { file, retentionMs, log } = this.#options;
    try {
      const client = await QueryLogClient.open({ file, retentionMs });
      if (client.replaced !== undefined) log('query-log-replaced', { ...client.replaced });
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }
}
