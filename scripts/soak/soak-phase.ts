import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpSender } from '../../client/http-sender.js';
import { LikenessClient } from '../../client/likeness-client.js';
import { Random } from '../demo/random.js';
import { checkWorld } from './check-world.js';
import { ServerProcess } from './likeness-process.js';
import { drawLooks } from './pictures.js';
import type { Phase, Round } from './round.js';
import { World } from './world.js';

const COLLECTION = 'soak';
const LOOKS = 12;
const JOB_TIMEOUT_MS = 120_000;

export interface SoakReport {
  phase: string;
  rounds: number;
  /** Kills that left a request without an answer. */
  cutRequests: number;
  /** Kills that cut short what the phase is about: a save, a rebuild, a re-embedding, a command. */
  cutWork: number;
  acknowledgedSequence: number;
  images: number;
  /** What was lost, doubled or wrong; empty if all is well. */
  faults: string[];
}

export interface SoakOptions {
  phase: Phase;
  rounds: number;
  /** Of a data directory that does not exist yet. */
  dataDir: string;
  seed: string;
  onRound?: (line: string) => void;
}

/** Interrupts a server (or command) again and again over one data directory, and checks it after each time. */
export async function soakPhase({ phase, rounds, dataDir, seed, onRound }: SoakOptions): Promise<SoakReport> {
  const world = new World();
  const parts = { dataDir, world, looks: await drawLooks(LOOKS), vectors: new Map<string, Float32Array>() };
  const report = { phase: phase.name, rounds, cutRequests: 0, cutWork: 0, acknowledgedSequence: 0, images: 0 };
  await mkdir(dataDir, { recursive: true });
  await phase.prepare?.(dataDir);
  let server = await ServerProcess.start(dataDir, phase.environment);
  try {
    // a graph from the first image on, since small collections are scanned otherwise
    await clientOf(server).createCollection(COLLECTION, { index: { exactBelow: 0 } });
    for (let number = 1; number <= rounds; number++) {
      const round: Round = { ...parts, ...connection(server), number, random: new Random(`${seed} ${number}`) };
      const isCut = await phase.interrupt(round);
      noteAlarms(server, world);
      const unanswered = world.unanswered;
      if (unanswered > 0) report.cutRequests += 1;
      if (isCut) report.cutWork += 1;
      server = await ServerProcess.start(dataDir, phase.environment);
      await checkWorld({ ...round, ...connection(server) });
      noteAlarms(server, world);
      onRound?.(
        `${phase.name} ${number}: ${unanswered} unanswered, ${world.ids.length} images, faults ${world.faults.length}`,
      );
    }
    await verify(server, world);
  } finally {
    await server.stop();
  }
  return { ...report, acknowledgedSequence: world.sequence, images: world.ids.length, faults: world.faults };
}

function connection(server: ServerProcess): Pick<Round, 'server' | 'client' | 'http' | 'collection'> {
  return { server, client: clientOf(server), http: new HttpSender({ url: server.url }), collection: COLLECTION };
}

function clientOf(server: ServerProcess): LikenessClient {
  // a retry would turn a refusal into success, and hide that something was refused
  return new LikenessClient({ url: server.url, retries: 0 });
}

/** What a server logs when something is damaged or fails; a kill is no excuse for any of it. */
const ALARMS = ['index-failed', 'maintenance-failed', 'generation-rejected', 'generation-out-of-step'];

function noteAlarms(server: ServerProcess, world: World): void {
  const heard = server.events.filter((event) => ALARMS.includes(event));
  if (heard.length > 0) world.faults.push(`logged: ${heard.join(', ')}:\n${server.lines.slice(-20).join('\n')}`);
}

/** The product's own check must find nothing wrong either. */
async function verify(server: ServerProcess, world: World): Promise<void> {
  const client = clientOf(server);
  let job = await client.startJob(COLLECTION, { kind: 'verify' });
  for (const deadline = Date.now() + JOB_TIMEOUT_MS; job.state === 'running' && Date.now() < deadline;) {
    await sleep(50);
    job = await client.job(COLLECTION, job.id);
  }
  const found = job.state === 'done' ? (job.result as unknown[]) : [job];
  // imports bring no bytes along
  const wrong = found.map((fault) => JSON.stringify(fault)).filter((fault) => !fault.includes('original of import/'));
  world.faults.push(...wrong.map((fault) => `verify: ${fault}`));
}
