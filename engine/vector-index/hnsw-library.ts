import portable from 'hnswlib-node';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { hasAvx2 } from './cpu-flags.js';

/** portable: hnswlib-node as its package compiles it (SSE at most). avx2: the same source, compiled by scripts/build-avx2.mjs. */
export type HnswBuild = 'portable' | 'avx2';

type HnswLibrary = typeof portable;

const require = createRequire(import.meta.url);

/** @returns where scripts/build-avx2.mjs leaves the AVX2 build. */
export function avx2AddonPath(): string {
  return join(packageRoot(), 'native', 'hnswlib-avx2', 'addon.node');
}

/**
 * @returns the build that runs: AVX2 where it was built and the CPU can run it, unless LIKENESS_HNSW_BUILD says otherwise.
 * @throws `config_invalid` if LIKENESS_HNSW_BUILD is neither, or asks for an AVX2 build that is not there.
 */
export function hnswBuild(
  wanted = process.env['LIKENESS_HNSW_BUILD'] ?? '',
  avx2Usable = existsSync(avx2AddonPath()) && hasAvx2(),
): HnswBuild {
  if (wanted === '') return avx2Usable ? 'avx2' : 'portable';
  if (wanted === 'portable' || (wanted === 'avx2' && avx2Usable)) return wanted;
  const expected = avx2Usable ? "'portable' or 'avx2'" : "'portable' (no AVX2 build that this CPU can run is there)";
  throw new LikenessError('config_invalid', `expected LIKENESS_HNSW_BUILD to be ${expected}, got '${wanted}'`);
}

/** @returns hnswlib-node in the build that {@link hnswBuild} names. */
export function hnswLibrary(build: HnswBuild = hnswBuild()): HnswLibrary {
  return build === 'avx2' ? (require(avx2AddonPath()) as HnswLibrary) : portable;
}
