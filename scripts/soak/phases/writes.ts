import { killAmid } from '../kill-amid.js';
import type { Phase } from '../round.js';
import { runWriters } from '../writers.js';

/** Writers, and nothing else. */
export const writes: Phase = {
  name: 'writes',
  environment: {},
  interrupt: async (round) => {
    await killAmid(round, [runWriters(round)], 900);
    return true;
  },
};
