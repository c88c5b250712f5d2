import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../engine/package-root.js';

const READY_TIMEOUT_MS = 60_000;
const KEPT_LINES = 200;

/** A `likeness` command in a process of its own, which can be killed at any moment. */
export class LikenessProcess {
  /** The last lines of its output, for when something goes wrong. */
  readonly lines: string[] = [];
  /** Names of what the server logged: checkpoint, rebuild, ... */
  readonly events: string[] = [];
  /** True from just before the kill: failed requests are no wonder from then on. */
  isKilled = false;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const env = { ...process.env, LIKENESS_INFERENCE_THREADS: '1', ...environment };
    const entry = join(packageRoot(), 'scripts', 'likeness.cjs');
    this.#child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#note(line));
    }
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @returns its exit status, null if a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** kill -9, at once. */
  async kill(): Promise<void> {
    this.isKilled = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end in good order. */
  async stop(): Promise<void> {
    this.isKilled = true;
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  #note(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    const event = /"msg":"([a-z-]+)"/.exec(line)?.[1];
    if (event !== undefined && event !== 'answered') this.events.push(event);
  }
}

/** A `likeness serve` over a data directory. */
export class ServerProcess extends LikenessProcess {
  url = '';

  /** Resolves when /readyz says so. @throws if it ends before */
  static async start(dataDir: string, environment: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(['serve', '--port', '0', '--data-dir', dataDir], environment);
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await server.#isReady())) {
      if (server.hasEnded || Date.now() > deadline) {
        await server.kill();
        throw new Error(`the server did not become ready:\n${server.lines.join('\n')}`);
      }
      await sleep(20);
    }
    return server;
  }

  async #isReady(): Promise<boolean> {
    this.url ||= /Likeness listens at (\S+)/.exec(this.lines.join('\n'))?.[1] ?? '';
    if (this.url === '') return false;
    return fetch(`${this.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
