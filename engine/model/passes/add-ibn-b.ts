/**
 * Adds the instance normalisation of IBN-Net b (Pan et al. 2018): behind the addition that ends a stage, before its
 * activation.
 *
 *   before   body ----+-> Add -> Relu
 *   after    body ----+-> Add -> InstanceNormalization(scale, bias) -> Relu
 *
 * One norm for the last residual block of each stage, stages 1 and 2 by default. (IBN-Net b has an instance norm in the stem
 * as well: bn-to-in with stage stem.) In the paper scale and bias are learned, from 1 and 0. A network that was trained
 * without them is thrown off less with the statistics of the sums: then scale = sqrt(variance + epsilon), bias = mean, so
 * that over many pictures each channel keeps its mean and spread, while those of each picture are levelled.
 * Conditions: a residual block in each stage, and no norm behind its addition yet.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { mapFacts } from '../graph/map-facts.js';
import { NodeBuilder } from '../graph/node-builder.js';
import { normSites } from '../graph/norm-sites.js';
import { residualBlocks } from '../graph/residual-blocks.js';
import { stageOf, stageSchema, type Stage } from '../graph/stage.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';
import { checkStatistics, type ChannelStatistics } from './statistics.js';

export const addIbnBOptionsSchema = z.strictObject({
  stages: z.array(stageSchema).min(1).default([1, 2]),
  epsilon: z.number().positive().default(1e-5),
});

/**
 * @param statistics of the sums, by stage; without them scale is 1 and bias 0.
 * @throws invalid_request if a stage has no residual block, or a norm behind its last one already.
 */
export function addIbnB(
  model: ModelProto,
  options: z.input<typeof addIbnBOptionsSchema> = {},
  statistics: Partial<Record<Stage, ChannelStatistics>> = {},
): PassResult {
  const parsed = parseOptions(addIbnBOptionsSchema, options);
  const graph = new Graph(model);
  const ends = parsed.stages.map((stage) => ({ stage, ...endOfStage(graph, stage) }));
  const names = ends.map(({ stage, value, channels }) => {
    const { scale, bias } = affine(stage, channels, statistics[stage], parsed.epsilon);
    return insertNorm(graph, value, scale, bias, parsed.epsilon);
  });
  return { model: graph.toModel(), provenance: provenanceOf('add-ibn-b', parsed, names) };
}

/** Value that the last residual block of a stage adds up to. */
function endOfStage(graph: Graph, stage: Stage): { value: string; channels: number } {
  const facts = mapFacts(graph);
  const value = residualBlocks(graph, facts).findLast(({ stride }) => stageOf(stride) === stage)?.output;
  if (value === undefined) throw invalid(`expected a residual block in stage ${stage}, found none`);
  if (normSites(graph).some((site) => site.block?.way === 'after' && site.input === value)) {
    throw invalid(`expected no norm behind the last addition of stage ${stage} yet, found one`);
  }
  const channels = facts.get(value)?.channels;
  if (channels === undefined) throw invalid(`expected a known number of channels at the end of stage ${stage}`);
  return { value, channels };
}

function affine(stage: Stage, channels: number, statistics: ChannelStatistics | undefined, epsilon: number) {
  if (statistics === undefined) return { scale: new Float64Array(channels).fill(1), bias: new Float64Array(channels) };
  checkStatistics(`stage ${stage}`, channels, statistics);
  const scale = Float64Array.from(statistics.variance, (it) => Math.sqrt(it + epsilon));
  return { scale, bias: Float64Array.from(statistics.mean) };
}

function insertNorm(graph: Graph, value: string, scale: Float64Array, bias: Float64Array, epsilon: number): string {
  let name = '';
  const floatType = mapFacts(graph).get(value)?.floatType ?? 'float32';
  graph.insertBehind(value, (x) => {
    const build = new NodeBuilder(graph, `${value}/ibn-b`, floatType);
    const vectors = [build.floats('scale', scale), build.floats('bias', bias)];
    return (name = build.op('InstanceNormalization', [x, ...vectors], { epsilon }));
  });
  return name;
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
