import { checkpoint } from './phases/checkpoint.js';
import { indexFolder } from './phases/index-folder.js';
import { rebuild } from './phases/rebuild.js';
import { reembed } from './phases/reembed.js';
import { writes } from './phases/writes.js';
import type { Phase } from './round.js';

/** Everything that a kill may interrupt. */
export const PHASES: readonly Phase[] = [writes, indexFolder, checkpoint, rebuild, reembed];
