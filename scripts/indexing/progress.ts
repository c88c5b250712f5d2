import type { IndexCounts } from './index-run.js';

const BAR_WIDTH = 24;
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;

/** What Progress writes to: a terminal or not. */
export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far a run is: one line that is redrawn on a terminal, now and then a plain line elsewhere. */
export class Progress {
  readonly #out: ProgressOutput;
  readonly #started = performance.now();
  #shown = -Infinity;

  constructor(out: ProgressOutput = process.stderr) {
    this.#out = out;
  }

  show(counts: IndexCounts, total: number): void {
    const now = performance.now();
    const done = sum(counts);
    const interval = this.#out.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (now - this.#shown < interval && done < total) return;
    this.#shown = now;
    const line = progressLine(counts, total, (now - this.#started) / 1000);
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${progressBar(done, total)} ${line}` : `${line}\n`);
  }

  /** Leaves the line, so that what is written next stands on its own. */
  end(): void {
    if (this.#out.isTTY && this.#shown > -Infinity) this.#out.write('\n');
  }
}

/** @returns such as `1200/2000 60% 85 img/s, 9 s left, 3 rejected`. */
export function progressLine(counts: IndexCounts, total: number, seconds: number): string {
  const done = sum(counts);
  const rate = done / Math.max(seconds, 1e-3);
  const percent = Math.floor((100 * done) / Math.max(total, 1));
  const left = done < total ? `, ${Math.ceil((total - done) / Math.max(rate, 1e-3))} s left` : '';
  const rejected = counts.rejected > 0 ? `, ${counts.rejected} rejected` : '';
  return `${done}/${total} ${percent}% ${rate.toFixed(0)} img/s${left}${rejected}`;
}

function progressBar(done: number, total: number): string {
  const filled = Math.round((BAR_WIDTH * done) / Math.max(total, 1));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}

function sum(counts: IndexCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
