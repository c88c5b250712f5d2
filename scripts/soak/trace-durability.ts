/**
 * Traces a server's system calls with strace while a collection is made and pictures are added, changed and removed, and
 * shows at each answer what was not on the disk yet. Exit status 1 if anything was not.
 * Usage: node dist/scripts/soak/trace-durability.js [file that gets the trace]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LikenessClient } from '../../client/likeness-client.js';
import { tracedAnswers } from './durability-trace.js';
import { ServerProcess } from './likeness-process.js';
import { drawLooks } from './pictures.js';

const CALLS = 'fsync,fdatasync,rename,renameat2,mkdir,openat,unlink,write,pwrite64,writev';
const ATTACH_MS = 1500;

const folder = await mkdtemp(join(tmpdir(), 'likeness-trace-'));
const dataDir = join(folder, 'data');
const traceFile = process.argv[2] ?? join(folder, 'trace');
// no checkpoint meanwhile: it writes to the store too, and what is under way then belongs to no answer
const server = await ServerProcess.start(dataDir, { LIKENESS_CHECKPOINT_EVERY: '1000000' });
try {
  const strace = spawn('strace', ['-f', '-y', '-e', `trace=${CALLS}`, '-o', traceFile, '-p', String(server.pid)]);
  const ended = once(strace, 'close');
  await sleep(ATTACH_MS);
  await useServer(new LikenessClient({ url: server.url, retries: 0 }));
  strace.kill('SIGINT');
  await ended;
} finally {
  await server.stop();
}

const answers = tracedAnswers(await readFile(traceFile, 'latin1'), dataDir);
for (const { status, unsynced } of answers) console.log(`${status}: ${unsynced.join(', ') || 'all on the disk'}`);
console.log(`${answers.length} answers, ${answers.filter(({ unsynced }) => unsynced.length > 0).length} too early`);
if (answers.length === 0 || answers.some(({ unsynced }) => unsynced.length > 0)) process.exitCode = 1;
await rm(folder, { recursive: true, force: true });

async function useServer(client: LikenessClient): Promise<void> {
  const looks = await drawLooks(8);
  await client.createCollection('traced');
  for (const { look, bytes } of looks) await client.put('traced', { id: look, bytes });
  await client.patch('traced', looks[0]!.look, { changed: true });
  await client.delete('traced', looks[1]!.look);
  await client.put('traced', { id: looks[2]!.look, bytes: looks[3]!.bytes });
}
