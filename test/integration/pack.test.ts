import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';

const MIB = 1024 * 1024;

interface Packed {
  size: number;
  files: { path: string }[];
}

/** What `npm pack` would put into the package; scripts/check-package.mjs installs it for real. */
async function packed(): Promise<Packed> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: packageRoot(), maxBuffer: 16 * MIB });
  return (JSON.parse(stdout) as [Packed])[0];
}

describe('the package', () => {
  it('holds what runs, and nothing else', async () => {
    const { files, size } = await packed();
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/scripts/cli.js',
        'dist/scripts/commands/index-images.js',
        'dist/server/main.js',
        'dist/client/likeness-client.d.ts',
        'dist/engine/extract-worker.js',
        'dist/engine/store/store-worker.js',
        'dist/engine/vector-index/index-worker.js',
        'engine/model/onnx/NOTICE.md',
        'models/small-bn-2/manifest.json',
        'models/small-bn-2/MODEL_CARD.md',
        'models/small-bn-2/model.onnx',
        'models/small-bn-2/projection.f32',
        'scripts/build-avx2.mjs',
        'scripts/likeness.cjs',
      ]),
    );
    const tops = new Set(paths.map((path) => path.split('/')[0]));
    const allowed = [
      'LICENSE',
      'README.md',
      'README.zh-CN.md',
      'dist',
      'engine',
      'index-data',
      'models',
      'package.json',
      'scripts',
    ];
    expect([...tops].filter((top) => !allowed.includes(top!))).toEqual([]);
    expect(
      paths.filter((path) =>
        /\.test\.|^models\/study-|^index-data\/(?!README)|^scripts\/.*\.(ts|py)$|^engine\/.*\.ts$|\.map$|^dist\/scripts\/(bench|classical|demo|docs|soak)/.test(
          path,
        ),
      ),
    ).toEqual([]);
    expect(size).toBeLessThan(20 * MIB);
  });

  it('is described as its files are: entries, types, formats', async () => {
    expect((await publint({ pkgDir: packageRoot(), pack: false, strict: true })).messages).toEqual([]);
  });

  it('is imported by its own name', async () => {
    const program = `import { LikenessClient } from 'likeness/client'; import { Engine } from 'likeness/engine';
      console.log(typeof LikenessClient, typeof Engine);`;
    const args = ['--input-type=module', '--eval', program];
    expect((await promisify(execFile)(process.execPath, args, { cwd: packageRoot() })).stdout).toBe(
      'function function\n',
    );
  });
});
