import { LikenessError } from '../errors.js';
import type { ChainStage, PoolingStage, ProjectionFacts } from '../model/chain-stage.js';
import { crow } from './crow.js';
import { centredSpoc, gem, mac, spoc, type Pooling } from './pooling.js';
import { project, splitProjection } from './projection.js';
import { activationAttention, learnedAttention } from './region-attention.js';
import { rmac, type RegionWeights } from './rmac.js';

/** Values of the files that stages name, by their names. */
export type StageValues = Readonly<Record<string, Float32Array>>;

const POOLINGS: readonly ChainStage['stage'][] = ['mac', 'spoc', 'gem', 'crow', 'rmac', 'attention-rmac'];

export function isPooling(stage: ChainStage): stage is PoolingStage {
  return POOLINGS.includes(stage.stage);
}

/** What a chain may begin with, for messages. */
export const POOLING_NAMES = POOLINGS.join(', ');

/**
 * @returns the length of the vector that a pooling makes of a map of so many channels.
 * @throws model_invalid if its exponents or its projection are for another number of channels.
 */
export function pooledDimension(stage: PoolingStage, channels: number): number {
  if (stage.stage === 'gem' && typeof stage.p !== 'number' && stage.p.length !== channels)
    throw invalidChain(`gem: expected p for each of ${channels} channels, got ${stage.p.length}`);
  if (stage.stage !== 'rmac' && stage.stage !== 'attention-rmac') return channels;
  if (stage.projection === undefined) return channels;
  return projectedDimension(stage.projection, channels);
}

/** @returns the projection's outputs. @throws model_invalid if it takes another length. */
export function projectedDimension({ file, inputs, outputs }: ProjectionFacts, dimension: number): number {
  if (inputs === dimension) return outputs;
  throw invalidChain(`${file}: expected ${dimension} inputs, got ${inputs}`);
}

/** @returns the stage as a function. @throws model_invalid if the values of its files do not fit. */
export function compilePooling(stage: PoolingStage, channels: number, values: StageValues): Pooling {
  switch (stage.stage) {
    case 'mac':
      return mac;
    case 'spoc':
      return stage.centrePrior === true ? centredSpoc : spoc;
    case 'gem':
      return gem(stage.p, stage.eps);
    case 'crow':
      return crow;
    default:
      return rmac({
        levels: stage.levels,
        project: stage.projection && compileProjection(stage.projection, values),
        weigh: stage.stage === 'rmac' ? undefined : attentionOf(stage, channels, values),
      });
  }
}

/** @returns x -> W x + b. @throws model_invalid without values, or with too many or too few. */
export function compileProjection(
  { file, inputs, outputs }: ProjectionFacts,
  values: StageValues,
): (x: Float32Array) => Float32Array {
  const projection = splitProjection(valuesOf(file, values), inputs, outputs, file);
  return (x) => project(projection, x);
}

/** @returns the error of stages that do not fit each other, or their files. */
export function invalidChain(message: string): LikenessError {
  return new LikenessError('model_invalid', `descriptor chain: ${message}`);
}

function attentionOf(
  { attention }: Extract<PoolingStage, { stage: 'attention-rmac' }>,
  channels: number,
  values: StageValues,
): RegionWeights {
  if (attention === undefined) return activationAttention;
  const { file, hidden } = attention;
  return learnedAttention(valuesOf(file, values), hidden, channels, file);
}

function valuesOf(file: string, values: StageValues): Float32Array {
  const found = values[file];
  if (found === undefined) throw invalidChain(`expected the values of ${file}, got none`);
  return found;
}
