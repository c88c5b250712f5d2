import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasAvx2 } from '../../../engine/vector-index/cpu-flags.js';
import { avx2AddonPath, hnswBuild, hnswLibrary } from '../../../engine/vector-index/hnsw-library.js';
import { range, vectorOf } from './fixtures.js';

const hasAvx2Build = existsSync(avx2AddonPath()) && hasAvx2();

describe('hasAvx2', () => {
  it.each([
    ['flags\t\t: fpu sse avx fma avx2 bmi2\n', true],
    ['processor: 0\nflags : fpu avx2 fma\nbugs : none\n', true],
    ['flags : fpu avx fma\n', false],
    ['flags : fpu avx2 fma4\n', false],
    ['Features : fp asimd\n', false],
    ['', false],
  ])('reads %j', (cpuInfo, expected) => expect(hasAvx2(cpuInfo)).toBe(expected));
});

describe('hnswBuild', () => {
  it('takes AVX2 where it can, unless told otherwise', () => {
    expect([hnswBuild('', true), hnswBuild('', false)]).toEqual(['avx2', 'portable']);
    expect([hnswBuild('portable', true), hnswBuild('avx2', true)]).toEqual(['portable', 'avx2']);
  });

  it('refuses a build that is unknown or cannot run', () => {
    expect(() => hnswBuild('avx512', true)).toThrow(
      "expected LIKENESS_HNSW_BUILD to be 'portable' or 'avx2', got 'avx512'",
    );
    expect(() => hnswBuild('avx2', false)).toThrow("got 'avx2'");
  });
});

describe('hnswLibrary', () => {
  it.skipIf(!hasAvx2Build)('finds the same neighbours in both builds (skipped where there is no AVX2 build)', () => {
    const neighbours = (['portable', 'avx2'] as const).map((build) => {
      const graph = new (hnswLibrary(build).HierarchicalNSW)('ip', 32);
      graph.initIndex(300, 16, 200, 100);
      for (const node of range(0, 300)) graph.addPoint([...vectorOf(node, 32)], node);
      graph.setEf(300);
      return range(0, 20).map((query) => graph.searchKnn([...vectorOf(query + 0.5, 32)], 10).neighbors);
    });
    expect(neighbours[1]).toEqual(neighbours[0]);
  });
});
