import { type Command, Option } from 'commander';
import { applyPasses } from '../../engine/model/passes/apply-passes.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { configOf } from '../command-options.js';
import { loadNetwork } from '../load-model.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import { withSites } from './site-options.js';

interface FoldOptions extends DerivedOptions, SiteSelection {
  storage?: 'float32' | 'float16';
}

/** `likeness model fold`: batch normalisation taken up by the convolutions before it. */
export function addModelFold(model: Command): void {
  withSites(withDerived(model.command('fold')))
    .description('fold batch normalisation into the convolutions before it; descriptors stay the same but for rounding')
    .addOption(new Option('--storage <type>', 'how new weights lie in the file').choices(['float32', 'float16']))
    .action(fold);
}

async function fold(name: string, options: FoldOptions): Promise<void> {
  const parent = await loadNetwork(name, configOf(options).dataDir);
  const step = { pass: 'fold-bn' as const, ...pickDefined(options, ['stages', 'sites', 'storage']) };
  await makeDerived(parent, options, 'folded', (network) => applyPasses(network, [step]));
}
