/**
 * Many may pass at once; one may ask to be alone. Used so that writes stop for the moment in which a collection swaps
 * its store. First come, first served: whoever waits to be alone holds back those who come later.
 */
export class Gate {
  #tail: Promise<unknown> = Promise.resolve();
  #inside = new Set<Promise<unknown>>();

  /** Runs the task beside others of its kind. */
  async pass<T>(task: () => Promise<T>): Promise<T> {
    const entry = this.#tail;
    const running = entry.then(task);
    const settled = running.catch(() => undefined);
    this.#inside.add(settled);
    try {
      return await running;
    } finally {
      this.#inside.delete(settled);
    }
  }

  /** Waits until everybody who came before is out, keeps later ones out, and runs the task. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const before = [...this.#inside];
    const running = this.#tail.then(() => Promise.all(before)).then(task);
    this.#tail = running.catch(() => undefined);
    return running;
  }
}
