import type { Command } from 'commander';
import { parseNames, parseStages } from '../parse-stages.js';

/** Adds the flags that say at which sites of a backbone something is done. */
export function withSites(command: Command): Command {
  return command
    .option('--stages <list>', 'only in these stages, such as 1-3 or stem,1', parseStages)
    .option('--sites <names>', 'only at these sites, as model inspect names them', parseNames);
}
