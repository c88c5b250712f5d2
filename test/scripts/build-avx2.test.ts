import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/vector-index/fixtures.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a copy of the script in a package of its own. */
function runScript(environment: NodeJS.ProcessEnv, modules?: string): { status: number | null; output: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'scripts'));
  copyFileSync(join(ROOT, 'scripts', 'build-avx2.mjs'), join(folder, 'scripts', 'build-avx2.mjs'));
  if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'));
  const env = { ...process.env, ...environment };
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'scripts', 'build-avx2.mjs')], { env });
  expect(existsSync(join(folder, 'native', 'hnswlib-avx2', 'addon.node'))).toBe(false);
  return { status, output: stdout.toString() };
}

describe('build-avx2', () => {
  it('is skipped on demand', () => {
    const { status, output } = runScript({ LIKENESS_SKIP_AVX2: '1' });
    expect([status, output]).toEqual([0, 'AVX2 build of hnswlib: skipped, LIKENESS_SKIP_AVX2 is 1\n']);
  });

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'never fails an install: one line says why (skipped off Linux on x86-64)',
    () => {
      for (const { status, output } of [
        runScript({ LIKENESS_SKIP_AVX2: '' }),
        runScript({ LIKENESS_SKIP_AVX2: '', npm_config_node_gyp: '/bin/false' }, join(ROOT, 'node_modules')),
      ]) {
        expect(status).toBe(0);
        expect(output).toMatch(/^AVX2 build of hnswlib: (skipped|not made), .+\n$/);
      }
    },
  );
});
