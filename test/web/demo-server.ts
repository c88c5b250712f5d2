import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LikenessClient } from '../../client/likeness-client.js';
import { serverConfigSchema } from '../../server/config.js';
import { startServer } from '../../server/main.js';

export const KINDS = ['mug', 'sneaker', 'guitar', 'night-city'];
export const PER_KIND = 5;
const DRAW = fileURLToPath(new URL('draw-demo.mjs', import.meta.url));

export interface DemoServer {
  url: string;
  client: LikenessClient;
  /** A picture of a kind that is not in the collection. */
  query: (kind: string) => Promise<Buffer>;
  close: () => Promise<void>;
}

/** A server over a few pictures of the demo gallery, in a folder that goes with it. */
export async function startDemo(config: Record<string, unknown> = {}): Promise<DemoServer> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-web-'));
  const seeds = ['query', ...Array.from({ length: PER_KIND }, (_, i) => `0${i + 1}`)];
  execFileSync(process.execPath, [DRAW, folder, ...KINDS.flatMap((kind) => seeds.map((seed) => `${kind}:${seed}`))]);
  const settings = { dataDir: join(folder, 'data'), port: 0, logLevel: 'silent', inferenceThreads: 1, ...config };
  const server = await startServer(serverConfigSchema.parse(settings));
  await server.ready;
  const [apiKey] = (config['writeKeys'] as string[] | undefined) ?? [];
  const client = new LikenessClient({ url: server.url, apiKey });
  await fill(client, folder);
  return {
    url: server.url,
    client,
    query: (kind) => readFile(join(folder, `${kind}-query.jpg`)),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(client: LikenessClient, folder: string): Promise<void> {
  await client.createCollection('demo');
  const images = KINDS.flatMap((kind) => Array.from({ length: PER_KIND }, (_, i) => ({ kind, number: i + 1 })));
  const inputs = await Promise.all(
    images.map(async ({ kind, number }) => ({
      id: `${kind}/${kind}-0${number}.jpg`,
      bytes: new Uint8Array(await readFile(join(folder, `${kind}-0${number}.jpg`))),
      metadata: { kind, price: number * 10, sale: number % 2 === 0 },
    })),
  );
  await client.batch('demo', inputs);
}
