/**
 * Search over HTTP while nothing else runs and while an import runs: latency at concurrency 1 and 16, and the delay of
 * the server's event loop.
 *
 *     node dist/scripts/bench/search-latency.js --images FOLDER [--count 1000] [--searches 200]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { LikenessClient } from '../../client/likeness-client.js';
import { packageRoot } from '../../engine/package-root.js';
import { readFolder } from '../indexing/folder.js';
import { quantile } from './median.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    count: { type: 'string', default: '1000' },
    searches: { type: 'string', default: '200' },
  },
});

interface Served {
  url: string;
  process: ChildProcess;
}

async function serve(dataDir: string): Promise<Served> {
  const entry = join(packageRoot(), 'scripts', 'likeness.cjs');
  const child = spawn(
    process.execPath,
    [entry, 'serve', '--port', '0', '--data-dir', dataDir, '--log-level', 'silent'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, process: child };
  }
  throw new Error('expected the server to say where it listens');
}

async function measure(
  client: LikenessClient,
  pictures: Uint8Array[],
  searches: number,
  concurrency: number,
): Promise<number[]> {
  const latenciesMs: number[] = [];
  const queue = Array.from({ length: searches }, (_, i) => pictures[i % pictures.length]!).values();
  const worker = async () => {
    for (const picture of queue) {
      const started = performance.now();
      await client.search('default', { images: [picture] }, { k: 10 });
      latenciesMs.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return latenciesMs;
}

function report(name: string, latenciesMs: number[]): void {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(latenciesMs, q).toFixed(1));
  console.log(`${name.padEnd(34)} p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`);
}

/** The delay of the server's event loop, as its metrics tell since they were last asked. */
async function eventLoopP99Ms(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds =
    /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1] ?? /eventloop\w*p99\w* (\S+)$/m.exec(text)?.[1];
  return Number(seconds) * 1000;
}

if (values.images === undefined) throw new Error('expected --images FOLDER');
const paths = (await readFolder(values.images))
  .flatMap((item) => (item.op === 'add' ? [item.path] : []))
  .slice(0, Number(values.count));
const pictures = await Promise.all(paths.map((path) => readFile(path)));
const searches = Number(values.searches);
const dataDir = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
const server = await serve(dataDir);
const client = new LikenessClient({ url: server.url });

async function importAll(prefix: string, stop: AbortSignal): Promise<number> {
  let done = 0;
  const queue = pictures.entries();
  const worker = async () => {
    for (const [i, bytes] of queue) {
      if (stop.aborted) return;
      // a changed tail keeps the picture and makes the bytes new, so that each one is described
      await client.put('default', { id: `${prefix}${i}`, bytes: Buffer.concat([bytes, Buffer.from(prefix)]) });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return done;
}

try {
  await importAll('a', new AbortController().signal);
  report('idle, concurrency 1', await measure(client, pictures, searches, 1));
  report('idle, concurrency 16', await measure(client, pictures, searches, 16));
  await eventLoopP99Ms(server.url);
  const stop = new AbortController();
  const importing = importAll('b', stop.signal);
  report('while importing, concurrency 1', await measure(client, pictures, searches, 1));
  const lag = await eventLoopP99Ms(server.url);
  stop.abort();
  console.log(`imported ${await importing} pictures meanwhile; event-loop delay p99 ${lag.toFixed(1)} ms`);
} finally {
  server.process.kill('SIGTERM');
  await once(server.process, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}
