/**
 * Packs the package, installs it in an empty folder outside of this one as a user would, and runs it there: index, search,
 * stats. Takes as long as compiling better-sqlite3 and hnswlib-node does, some minutes; needs the package registry.
 *
 * Usage: node scripts/check-package.mjs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'likeness-package-'));

try {
  const tarball = pack();
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  const started = Date.now();
  run('npm', ['install', tarball], app);
  console.log(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
  await drawPictures(join(app, 'pictures'));
  expect(run('npx', ['likeness', 'index', 'pictures'], app), /^3 added/);
  expect(run('npx', ['likeness', 'search', 'pictures/2.png'], app), /1 {2}1\.0000 {2}2\.png/);
  expect(run('npx', ['likeness', 'stats'], app), /images {6}3,/);
  console.log('the package works');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns the tarball; nothing in it may be left over from a source that is gone. */
function pack() {
  // what npm's scripts print comes first
  const output = run('npm', ['pack', '--json', '--pack-destination', folder], root);
  const [{ filename, files }] = JSON.parse(output.slice(output.indexOf('[\n')));
  const built = files.map(({ path }) => /^dist\/(.*)\.js$/.exec(path)?.[1]).filter((path) => path !== undefined);
  // the page's files are bundled, so they have other names
  const own = built.filter((path) => !path.startsWith('web/'));
  const stale = own.filter((path) => !existsSync(join(root, `${path}.ts`)));
  if (stale.length > 0)
    throw new Error(`remove dist and build again: these have no source any more: ${stale.join(', ')}`);
  return join(folder, filename);
}

function run(command, args, cwd) {
  // onnxruntime-node would download GPU files: .npmrc says so here, an installed package cannot
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

function expect(text, pattern) {
  if (!pattern.test(text)) throw new Error(`expected ${pattern}, got:\n${text}`);
}

/** Noise in three colours and grains: what a descriptor can tell apart. */
async function drawPictures(target) {
  mkdirSync(target);
  const sharp = createRequire(import.meta.url)('sharp');
  for (const [number, background] of ['#c03030', '#30c030', '#3030c0'].entries()) {
    const noise = { type: 'gaussian', mean: 128, sigma: 20 + 20 * number };
    const grain = await sharp({ create: { width: 40, height: 40, channels: 3, background, noise } })
      .png()
      .toBuffer();
    await sharp({ create: { width: 160, height: 160, channels: 3, background } })
      .composite([{ input: grain, left: 30 * number, top: 40 }])
      .png()
      .toFile(join(target, `${number + 1}.png`));
  }
}
