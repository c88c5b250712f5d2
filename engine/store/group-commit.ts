type Commit = (writes: readonly (() => unknown)[]) => PromiseSettledResult<unknown>[];

interface Waiting {
  write: () => unknown;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/** Writes of one transaction at most, so that reads between two are not held up for long. */
const MAX_GROUP = 500;

/**
 * Gathers writes and commits together what has come by the end of the event loop's turn, so that many share one fsync.
 * Promises settle after the commit, in its order.
 */
export class GroupCommit {
  readonly #commit: Commit;
  #waiting: Waiting[] = [];

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  add<T>(write: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.#flushGroup());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commitGroup();
  }

  #flushGroup(): void {
    if (this.#waiting.length > 0) this.#commitGroup();
    if (this.#waiting.length > 0) setImmediate(() => this.#flushGroup());
  }

  #commitGroup(): void {
    const group = this.#waiting.splice(0, MAX_GROUP);
    const results = this.#commit(group.map(({ write }) => write));
    group.forEach(({ resolve, reject }, i) => {
      const result = results[i]!;
      if (result.status === 'fulfilled') resolve(result.value);
      else reject(result.reason);
    });
  }
}
