import type { ChainStage, PoolingStage } from '../model/chain-stage.js';
import type { FeatureMap } from '../types.js';
import {
  compilePooling,
  compileProjection,
  invalidChain,
  isPooling,
  pooledDimension,
  POOLING_NAMES,
  projectedDimension,
  type StageValues,
} from './compile-pooling.js';
import { l2Normalize } from './l2.js';
import { refusePlain } from './plain.js';
import { power } from './power.js';

/** Feature map [C,h,w], and weights [h*w] of its cells, -> descriptor [D], |d| = 1. Throws image_too_plain. */
export type DescriptorChain = (map: FeatureMap, weights?: Float32Array) => Float32Array;

/** Vector -> vector. Throws image_too_plain. */
export type VectorStage = (x: Float32Array) => Float32Array;

/**
 * @returns D, the length of the descriptor that the stages make of a map of so many channels.
 * @throws model_invalid unless it is one pooling, then stages on vectors that fit each other, ending in l2.
 */
export function chainDimension(stages: readonly ChainStage[], channels: number): number {
  const [pooling, ...rest] = stages;
  if (pooling === undefined || !isPooling(pooling)) {
    throw invalidChain(`expected one of ${POOLING_NAMES} as first stage, got ${pooling?.stage ?? 'no stage'}`);
  }
  if (rest.at(-1)?.stage !== 'l2') throw invalidChain(`expected l2 as last stage, got ${stages.at(-1)!.stage}`);
  return rest.reduce(nextDimension, pooledDimension(pooling, channels));
}

/**
 * @param inputs length of the vector that the stages start from.
 * @returns D, as {@link chainDimension}, of stages on vectors alone. @throws model_invalid
 */
export function vectorChainDimension(stages: readonly ChainStage[], inputs: number): number {
  if (stages.at(-1)?.stage !== 'l2')
    throw invalidChain(`expected l2 as last stage, got ${stages.at(-1)?.stage ?? 'none'}`);
  const pooling = stages.find(isPooling);
  if (pooling !== undefined) throw invalidChain(`expected stages on vectors, got the pooling ${pooling.stage}`);
  return stages.reduce(nextDimension, inputs);
}

/**
 * Turns the manifest's stages into one function.
 * @param channels C of the feature map. @param values of each file that a stage names, by its name.
 * @throws model_invalid if the stages do not fit each other or their files.
 */
export function compileChain(stages: readonly ChainStage[], channels: number, values: StageValues): DescriptorChain {
  chainDimension(stages, channels);
  const pool = compilePooling(stages[0] as PoolingStage, channels, values);
  const rest = compileVectorChain(stages.slice(1), values);
  return (map, weights) => rest(refusePlain(pool(map, weights)));
}

/**
 * Turns stages behind the pooling into one function: what {@link compileChain} does with the pooled vector.
 * @throws model_invalid if a stage is a pooling, or does not fit its file.
 */
export function compileVectorChain(stages: readonly ChainStage[], values: StageValues): VectorStage {
  const compiled = stages.map((stage) => compileVectorStage(stage, values));
  return (vector) => compiled.reduce((x, stage) => stage(x), vector);
}

function nextDimension(dimension: number, stage: ChainStage): number {
  if (isPooling(stage)) throw invalidChain(`expected one pooling, got a second one, ${stage.stage}`);
  return stage.stage === 'projection' ? projectedDimension(stage, dimension) : dimension;
}

function compileVectorStage(stage: ChainStage, values: StageValues): VectorStage {
  if (stage.stage === 'projection') return compileProjection(stage, values);
  if (stage.stage === 'power') return (x) => power(x, stage.exponent);
  if (isPooling(stage)) throw invalidChain(`expected a stage on vectors, got ${stage.stage}`);
  return (x) => l2Normalize(refusePlain(x));
}
