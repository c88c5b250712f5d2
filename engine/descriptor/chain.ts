import { LikenessError } from '../errors.js';
import type { ChainStage } from '../model/manifest.js';
import type { FeatureMap } from '../types.js';
import { l2Normalize } from './l2.js';
import { refusePlain } from './plain.js';
import { gem, mac, spoc, type Pooling } from './pooling.js';
import { project, splitProjection } from './projection.js';

/** Feature map [C,h,w], and weights [h*w] of its cells, -> descriptor [D], |d| = 1. Throws image_too_plain. */
export type DescriptorChain = (map: FeatureMap, weights?: Float32Array) => Float32Array;

type VectorStage = (x: Float32Array) => Float32Array;

/**
 * @returns D, the length of the descriptor that the stages make of a map of so many channels.
 * @throws model_invalid unless it is one pooling, then projections and l2 that fit each other, ending in l2.
 */
export function chainDimension(stages: readonly ChainStage[], channels: number): number {
  const [pooling, ...rest] = stages;
  if (pooling === undefined || !isPooling(pooling)) {
    throw invalid(`expected mac, spoc or gem as first stage, got ${pooling?.stage ?? 'no stage'}`);
  }
  if (rest.at(-1)?.stage !== 'l2') throw invalid(`expected l2 as last stage, got ${stages.at(-1)!.stage}`);
  return rest.reduce(nextDimension, channels);
}

/**
 * Turns the manifest's stages into one function.
 * @param channels C of the feature map. @param files values of each projection file, by its name.
 * @throws model_invalid if the stages do not fit each other or their files.
 */
export function compileChain(
  stages: readonly ChainStage[],
  channels: number,
  files: Readonly<Record<string, Float32Array>>,
): DescriptorChain {
  chainDimension(stages, channels);
  const pool = poolingOf(stages[0]!);
  const rest = stages.slice(1).map((stage) => vectorStage(stage, files));
  return (map, weights) => {
    const pooled = refusePlain(pool(map, weights));
    return rest.reduce((vector, stage) => stage(vector), pooled);
  };
}

function isPooling(stage: ChainStage): boolean {
  return stage.stage === 'mac' || stage.stage === 'spoc' || stage.stage === 'gem';
}

function nextDimension(dimension: number, stage: ChainStage): number {
  if (isPooling(stage)) throw invalid(`expected one pooling, got a second one, ${stage.stage}`);
  if (stage.stage !== 'projection') return dimension;
  if (stage.inputs !== dimension) throw invalid(`${stage.file}: expected ${dimension} inputs, got ${stage.inputs}`);
  return stage.outputs;
}

function poolingOf(stage: ChainStage): Pooling {
  if (stage.stage === 'mac') return mac;
  if (stage.stage === 'spoc') return spoc;
  if (stage.stage === 'gem') return gem(stage.p, stage.eps);
  throw invalid(`expected a pooling, got ${stage.stage}`);
}

function vectorStage(stage: ChainStage, files: Readonly<Record<string, Float32Array>>): VectorStage {
  if (stage.stage !== 'projection') return (x) => l2Normalize(refusePlain(x));
  const values = files[stage.file];
  if (values === undefined) throw invalid(`expected the values of ${stage.file}, got none`);
  const projection = splitProjection(values, stage.inputs, stage.outputs, stage.file);
  return (x) => project(projection, x);
}

function invalid(message: string): LikenessError {
  return new LikenessError('model_invalid', `descriptor chain: ${message}`);
}
