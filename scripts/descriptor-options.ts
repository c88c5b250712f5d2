import type { Command } from 'commander';
import type { CollectionConfig } from '../engine/types.js';
import { CHAIN_SYNTAX, parseChain, parseScales } from './chain-text.js';

/** Flags that say how a collection's model makes descriptors. */
export interface DescriptorOptions {
  chain?: string;
  scales?: string;
}

/** Adds the flags --chain and --scales. */
export function withDescriptor(command: Command): Command {
  return command
    .option('--chain <stages>', `from feature map to descriptor, in place of the model's: ${CHAIN_SYNTAX}`)
    .option('--scales <factors>', "describe pictures at several sizes: factors of the model's, such as 1+0.7071+0.5");
}

/** @returns what the flags say; what is not given is absent. @throws `invalid_request` */
export function descriptorOf({ chain, scales }: DescriptorOptions): Pick<CollectionConfig, 'chain' | 'scales'> {
  return {
    ...(chain === undefined ? {} : { chain: parseChain(chain) }),
    ...(scales === undefined ? {} : { scales: parseScales(scales) }),
  };
}
