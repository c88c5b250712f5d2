/** Runs tasks one after the other, in the order in which they were given. */
export class TaskChain {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns the task's own result; a task that fails does not hold up the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const running = this.#last.then(task);
    this.#last = running.catch(() => undefined);
    return running;
  }
}
