import { killAmid, waitUntil } from '../kill-amid.js';
import { hasHalfGeneration } from '../on-disk.js';
import type { Phase } from '../round.js';
import { runWriters } from '../writers.js';

/** Writers, while the graph is saved every few changes. */
export const checkpoint: Phase = {
  name: 'checkpoint',
  environment: { LIKENESS_CHECKPOINT_EVERY: '3' },
  interrupt: async (round) => {
    const load = runWriters(round);
    await waitUntil(() => round.server.events.includes('checkpoint'), 5000);
    if (round.random.chance(0.8)) {
      await waitUntil(() => hasHalfGeneration(round), 3000);
      await round.server.kill();
      await load;
    } else {
      await killAmid(round, [load], 100);
    }
    return hasHalfGeneration(round);
  },
};
