import { type Command, Option } from 'commander';
import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import { fixedInputsSchema } from '../../engine/model/manifest.js';
import type { Stage } from '../../engine/model/graph/stage.js';
import { applyPasses, passStepSchema, type PassStep } from '../../engine/model/passes/apply-passes.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { configOf } from '../command-options.js';
import { loadNetwork } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { parseJsonOption } from '../parse-json-option.js';
import { parseNumber } from '../parse-number.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import { withSites } from './site-options.js';

const PASSES = { in: 'bn-to-in', 'ibn-a': 'bn-to-ibn-a', gn: 'bn-to-gn', ln: 'bn-to-ln' } as const;
const KINDS = [...Object.keys(PASSES), 'ibn-b'];
/** Where IBN-Net b has its instance norms: in the stem, and behind the last addition of stages 1 and 2. */
const IBN_B_STAGES: Stage[] = ['stem', 1, 2];

interface NormalizeOptions extends DerivedOptions, SiteSelection {
  to?: keyof typeof PASSES | 'ibn-b';
  steps?: string;
  inputs?: string;
  groups?: number;
  ratio?: number;
  order?: 'instance-first' | 'batch-first';
}

/** `likeness model normalize`: another normalisation in place of batch normalisation. */
export function addModelNormalize(model: Command): void {
  withSites(withDerived(model.command('normalize')))
    .description('make a model that normalises otherwise; weights stay as they are')
    .addOption(new Option('--to <kind>', 'what takes the place of batch normalisation').choices(KINDS))
    .option('--groups <count>', 'groups of gn (default: 32, or the largest divisor of both)', parseInteger(1, 65_536))
    .option(
      '--ratio <share>',
      'share of the channels of ibn-a that get instance normalisation (default: 0.5)',
      parseNumber,
    )
    .addOption(
      new Option('--order <order>', 'which part of ibn-a comes first').choices(['instance-first', 'batch-first']),
    )
    .option('--steps <json>', 'in place of --to: a list of passes with their options, as a manifest names them')
    .option('--inputs <json>', 'with --steps: values of inputs that the passes add, such as {"runWeight": [0.9]}')
    .action(normalize);
}

async function normalize(name: string, options: NormalizeOptions): Promise<void> {
  const steps = stepsOf(options);
  const inputs =
    options.inputs === undefined ? {} : { inputs: parseJsonOption(fixedInputsSchema, '--inputs', options.inputs) };
  const parent = await loadNetwork(name, configOf(options).dataDir);
  await makeDerived(parent, options, options.to ?? 'normalized', (network) => ({
    ...applyPasses(network, steps),
    ...inputs,
  }));
}

function stepsOf(options: NormalizeOptions): PassStep[] {
  const { to, steps } = options;
  const details = pickDefined(options, ['stages', 'sites', 'groups', 'ratio', 'order']);
  if (to === 'ibn-b' && steps === undefined) return ibnB(details);
  if (to !== undefined && to !== 'ibn-b' && steps === undefined) return [{ pass: PASSES[to], ...details }];
  if (to === undefined && steps !== undefined && Object.keys(details).length === 0)
    return parseJsonOption(z.array(passStepSchema).min(1), '--steps', steps);
  throw new LikenessError('invalid_request', `expected --to with one of ${KINDS.join(', ')}, or --steps alone`);
}

function ibnB({ stages = IBN_B_STAGES, ...others }: { stages?: readonly Stage[] }): PassStep[] {
  const [unfit] = Object.keys(others);
  if (unfit !== undefined)
    throw new LikenessError('invalid_request', `expected --stages alone with --to ibn-b, got --${unfit}`);
  const additions = stages.filter((stage) => stage !== 'stem');
  return [
    ...(stages.includes('stem') ? [{ pass: 'bn-to-in' as const, stages: ['stem' as const] }] : []),
    ...(additions.length > 0 ? [{ pass: 'add-ibn-b' as const, stages: additions }] : []),
  ];
}
