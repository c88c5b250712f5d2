import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // a poll that holds ends at once; only one that never will takes so long
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    coverage: {
      provider: 'v8',
      include: ['engine/**/*.ts'],
      // shells that only connect a tested class to a thread's message port; v8 does not see into worker threads
      exclude: ['engine/**/*-worker.ts'],
      thresholds: { lines: 90 },
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
