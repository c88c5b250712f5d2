/** Keeps tasks of one id in the order in which they came, while those of different ids run side by side. */
export class OrderById {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task once every earlier one of this id has ended, well or badly. */
  async run<T>(id: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id) ?? Promise.resolve();
    const running = before.then(task, task);
    this.#last.set(id, running);
    try {
      return await running;
    } finally {
      if (this.#last.get(id) === running) this.#last.delete(id);
    }
  }
}
