import { type Command, InvalidArgumentError, Option } from 'commander';
import { applyPasses } from '../../engine/model/passes/apply-passes.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { runWeightInputs, type RunWeights } from '../../engine/model/run-weights.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { configOf } from '../command-options.js';
import { loadNetwork } from '../load-model.js';
import { parseNumber } from '../parse-number.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import { withSites } from './site-options.js';

interface MixOptions extends DerivedOptions, SiteSelection {
  runWeight: RunWeights;
  per: 'one' | 'stage' | 'site';
}

/** `likeness model mix`: stored statistics mixed with those of each picture. */
export function addModelMix(model: Command): void {
  withSites(withDerived(model.command('mix')))
    .description("mix the stored statistics of batch normalisation with each picture's own")
    .requiredOption(
      '--run-weight <weight>',
      'of the stored statistics: 1 is batch, 0 is instance normalisation; with exceptions, such as 0.9,stem=0.5',
      parseRunWeights,
    )
    .addOption(
      new Option('--per <unit>', 'one weight for all, or an input of its own for each stage or site')
        .choices(['one', 'stage', 'site'])
        .default('one'),
    )
    .action(mix);
}

async function mix(name: string, options: MixOptions): Promise<void> {
  const parent = await loadNetwork(name, configOf(options).dataDir);
  const step = { pass: 'mix' as const, inputs: options.per, ...pickDefined(options, ['stages', 'sites']) };
  await makeDerived(parent, options, `mix-${options.runWeight.standard}`, (network) => {
    const { model, passes } = applyPasses(network, [step]);
    const names = passes.flatMap(({ inputs }) => inputs);
    return { model, passes, inputs: runWeightInputs(names, options.runWeight) };
  });
}

/** `0.9,stem=0.5`: one number for all, then stages or sites with another. */
function parseRunWeights(text: string): RunWeights {
  const [standard = '', ...others] = text.split(',');
  const exceptions = others.map((part) => {
    const at = part.lastIndexOf('=');
    if (at < 1) throw new InvalidArgumentError(`expected a number, then STAGE=NUMBER or SITE=NUMBER, got ${part}`);
    return [part.slice(0, at).trim(), parseNumber(part.slice(at + 1))] as const;
  });
  return { standard: parseNumber(standard), exceptions: Object.fromEntries(exceptions) };
}
