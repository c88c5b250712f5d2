import { readFileSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Command } from 'commander';
import { ModelRegistry } from '../../engine/model/registry.js';
import { readHolder } from '../../engine/store/data-dir-lock.js';
import { cpuQuota } from '../../engine/threads/cpu-quota.js';
import { tryModel } from '../../engine/try-model.js';
import { toLikenessError } from '../../engine/errors.js';
import { hnswBuild } from '../../engine/vector-index/hnsw-library.js';
import { configOf, withConfig } from '../command-options.js';

/** One thing that was looked at; ok false makes the command fail. */
interface Finding {
  what: string;
  ok: boolean;
  found: string;
}

/** `likeness doctor`: whether this machine can run it, and how it will. */
export function addDoctor(program: Command): void {
  withConfig(program.command('doctor'), ['dataDir', 'model', 'inferenceThreads'])
    .description('check this machine: Node, CPU, graph build, threads, model, data directory')
    .action(doctor);
}

async function doctor(options: Record<string, unknown>): Promise<void> {
  const { dataDir, model, inferenceThreads } = configOf(options);
  const findings = [
    nodeVersion(),
    cpu(),
    graphBuild(),
    threads(inferenceThreads),
    memory(),
    await modelRuns(dataDir, model),
    await dataDirectory(dataDir),
  ];
  for (const { what, ok, found } of findings)
    process.stdout.write(`${ok ? 'ok  ' : 'BAD '}  ${what.padEnd(15)} ${found}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    what: 'node',
    ok,
    found: `${process.version} on ${process.platform} ${process.arch} (20.19 or newer is needed)`,
  };
}

function cpu(): Finding {
  const flags = readCpuFlags();
  const known = ['sse4_2', 'avx2', 'fma', 'avx512f'].filter((flag) => flags.has(flag));
  // sharp's x64 build needs SSE4.2
  const ok = process.platform !== 'linux' || process.arch !== 'x64' || flags.has('sse4_2');
  return { what: 'cpu', ok, found: known.length > 0 ? known.join(' ') : 'flags unknown' };
}

function readCpuFlags(): Set<string> {
  try {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return new Set((line?.[1] ?? '').trim().split(/\s+/));
  } catch {
    return new Set();
  }
}

function graphBuild(): Finding {
  return { what: 'graph build', ok: true, found: hnswBuild() };
}

function threads(configured: number): Finding {
  const quota = cpuQuota();
  const pool = process.env['UV_THREADPOOL_SIZE'] ?? '4';
  const found = `${configured === 0 ? quota : configured} inference workers (quota ${quota} of ${availableParallelism()} CPUs), ${pool} libuv threads`;
  return { what: 'threads', ok: true, found };
}

function memory(): Finding {
  const gib = (bytes: number) => (bytes / 1024 ** 3).toFixed(1);
  return { what: 'memory', ok: true, found: `${gib(freemem())} of ${gib(totalmem())} GiB free` };
}

async function modelRuns(dataDir: string, name: string): Promise<Finding> {
  try {
    const { manifest, directory, fingerprint } = await new ModelRegistry(dataDir).load(name);
    await tryModel(directory);
    return {
      what: 'model',
      ok: true,
      found: `${manifest.name}, ${manifest.dimension} numbers, fingerprint ${fingerprint}`,
    };
  } catch (error) {
    return { what: 'model', ok: false, found: toLikenessError(error).message };
  }
}

async function dataDirectory(dataDir: string): Promise<Finding> {
  const holder = await readHolder(dataDir);
  if (holder !== undefined)
    return { what: 'data directory', ok: true, found: `${dataDir}, held by process ${holder.pid} (${holder.command})` };
  const problem = await access(dataDir, constants.W_OK).then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  const found = problem === 'ENOENT' ? 'not made yet' : (problem ?? 'free');
  return { what: 'data directory', ok: problem === undefined || problem === 'ENOENT', found: `${dataDir}, ${found}` };
}
