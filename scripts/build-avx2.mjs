/**
 * Compiles hnswlib-node a second time with AVX2 and FMA, into native/hnswlib-avx2/addon.node. Its own build must run on
 * any x86-64 and so has SSE only; engine/vector-index/hnsw-library.ts picks this one where it is there and the CPU can
 * run it. Runs after every install, and never fails one: without it searches are right, only slower.
 *
 * LIKENESS_SKIP_AVX2=1 skips it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FLAGS = '-O3 -mavx2 -mfma';
const target = fileURLToPath(new URL('../native/hnswlib-avx2/', import.meta.url));

try {
  const reason = reasonToSkip() ?? build();
  if (reason !== undefined) console.log(`AVX2 build of hnswlib: skipped, ${reason}`);
} catch (error) {
  console.log(`AVX2 build of hnswlib: not made, the portable build will run (${firstLine(error)})`);
}

function reasonToSkip() {
  if (process.env.LIKENESS_SKIP_AVX2 === '1') return 'LIKENESS_SKIP_AVX2 is 1';
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${process.platform} ${process.arch} has none`;
  return undefined;
}

/** The build may be for another machine, as an image's is; only where this CPU can run it is it tried. */
function canRunHere() {
  const cpuInfo = readFileSync('/proc/cpuinfo', 'utf8');
  return / avx2( |$)/m.test(cpuInfo) && / fma( |$)/m.test(cpuInfo);
}

/** Builds in a folder aside, tries the result in a process of its own, and moves it into place. */
function build() {
  const manifest = createRequire(import.meta.url).resolve('hnswlib-node/package.json');
  const stamp = `hnswlib-node ${JSON.parse(readFileSync(manifest, 'utf8')).version} ${FLAGS}\n`;
  if (isUpToDate(stamp)) return 'it is up to date';
  mkdirSync(dirname(dirname(target)), { recursive: true });
  mkdirSync(target, { recursive: true });
  const work = mkdtempSync(join(target, 'build-'));
  try {
    for (const part of ['src', 'binding.gyp', 'package.json']) {
      cpSync(join(dirname(manifest), part), join(work, part), { recursive: true });
    }
    compile(work, manifest);
    const addon = join(work, 'build', 'Release', 'addon.node');
    if (canRunHere())
      run(process.execPath, ['-e', `new (require(${JSON.stringify(addon)}).HierarchicalNSW)('ip', 8)`], {});
    renameSync(addon, join(target, 'addon.node'));
    writeFileSync(join(target, 'stamp.txt'), stamp);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log('AVX2 build of hnswlib: made');
  return undefined;
}

function isUpToDate(stamp) {
  const file = join(target, 'stamp.txt');
  return existsSync(join(target, 'addon.node')) && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

function compile(work, manifest) {
  // binding.gyp asks Node for node-addon-api, which may stand in a folder that is not above this one
  const addonApi = createRequire(manifest).resolve('node-addon-api/package.json');
  const nodePath = [dirname(dirname(addonApi)), process.env.NODE_PATH].filter(Boolean).join(delimiter);
  const env = { NODE_PATH: nodePath, CXXFLAGS: `${process.env.CXXFLAGS ?? ''} ${FLAGS}`.trim() };
  run(process.execPath, [nodeGyp(), 'rebuild', ...headerOption()], { cwd: work, env: { ...process.env, ...env } });
}

/** npm names its node-gyp to the scripts that it runs; otherwise it stands in the npm beside this Node. */
function nodeGyp() {
  const npmCli = process.env.npm_execpath;
  const candidates = [
    process.env.npm_config_node_gyp,
    npmCli && join(dirname(npmCli), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    join(
      dirname(process.execPath),
      '..',
      'lib',
      'node_modules',
      'npm',
      'node_modules',
      'node-gyp',
      'bin',
      'node-gyp.js',
    ),
  ];
  const found = candidates.find((file) => file && existsSync(file));
  if (found === undefined) throw new Error('expected npm with its node-gyp beside this Node');
  return found;
}

/** Uses the headers that came with this Node, if they did, so that nothing is downloaded. */
function headerOption() {
  const prefix = join(dirname(process.execPath), '..');
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

function run(command, args, options) {
  const { status, error, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (error !== undefined) throw error;
  const lines = stderr.trim().split('\n');
  if (status !== 0) throw new Error(lines.find((line) => /error/i.test(line)) ?? lines.at(-1));
}

function firstLine(error) {
  return String(error.message ?? error).split('\n')[0];
}
