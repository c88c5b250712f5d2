const INTERVAL_MS = 200;

/** A line of the form `120/400 originals checked`, redrawn on a terminal and silent elsewhere. */
export class CounterLine {
  readonly #what: string;
  readonly #out: NodeJS.WriteStream;
  #shown = -Infinity;

  constructor(what: string, out: NodeJS.WriteStream = process.stderr) {
    this.#what = what;
    this.#out = out;
  }

  show(done: number, total: number): void {
    const now = performance.now();
    if (!this.#out.isTTY || (now - this.#shown < INTERVAL_MS && done < total)) return;
    this.#shown = now;
    this.#out.write(`\r\u001b[2K${done}/${total} ${this.#what}${done === total ? '\n' : ''}`);
  }
}
