import { describe, expect, it } from 'vitest';
import { indexFolder } from '../../scripts/soak/phases/index-folder.js';
import { writes } from '../../scripts/soak/phases/writes.js';
import { soak } from './kill-support.js';

describe('after kill -9', () => {
  it.each([writes, indexFolder])(
    'amid $name, what was acknowledged is there, once',
    async (phase) => {
      const report = await soak(phase, 3);
      expect(report.faults).toEqual([]);
      expect(report.cutRequests).toBeGreaterThan(1);
      expect(report.images).toBeGreaterThan(0);
    },
    120_000,
  );
});
