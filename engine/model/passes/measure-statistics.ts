/**
 * Lets a network give out the statistics of what its sites norm, for adapt and unfold.
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> BatchNormalization -> y                              with normalize: stored, or at a folded site
 *            x -> (x - m) / sqrt(v + epsilon) * scale + bias -> y      with normalize: batch
 *            x -> mean over pictures, rows, columns = m [C] -> "<site>/mean"
 *            (x - m)^2 -> the same mean = v [C] -> "<site>/variance";   x -> Size -> "<site>/size" = n C h w
 *
 * Statistics of a deep site depend on what the sites before it give (see adapt). So for all sites in one run take `batch`,
 * with batches as large as memory allows; for exact ones take `stored`, site by site, each after those before it were
 * adapted. Batches are pooled by StatisticsPool.
 * Conditions: batch normalisation of feature maps, or a folded site.
 */
import { z } from 'zod';
import { Graph } from '../graph/graph.js';
import { NodeBuilder, valueInfo } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import { TensorProto_DataType, type ModelProto } from '../onnx/onnx_pb.js';
import { dataTypeOf } from '../onnx/tensor.js';
import { readBatchNorm } from './batch-norm.js';
import { channelAffine } from './group-norm-nodes.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites, type Fit } from './select-sites.js';

export const measureStatisticsOptionsSchema = siteSelectionSchema.extend({
  normalize: z
    .enum(['stored', 'batch'])
    .default('stored')
    .describe('what the sites norm by meanwhile: the statistics in the file, or those of the batch'),
});

/** Names of the outputs that belong to one site. */
export interface StatisticsOutputs {
  site: string;
  /** float [C] */
  mean: string;
  /** float [C], population variance */
  variance: string;
  /** int64 [], values of all channels; that by C is the weight of this batch. */
  size: string;
}

const MEASURABLE: Fit = {
  wanted: 'a batch normalisation of feature maps, or a folded one',
  fits: ({ kind, stage }) => (kind === 'batch' || kind === 'folded') && stage !== undefined,
};

/** @throws invalid_request if no site fits; model_invalid for a norm in training mode or with integer weights. */
export function measureStatistics(
  model: ModelProto,
  options: z.input<typeof measureStatisticsOptionsSchema> = {},
): PassResult & { outputs: StatisticsOutputs[] } {
  const parsed = parseOptions(measureStatisticsOptionsSchema, options);
  const byBatch = parsed.normalize === 'batch';
  const graph = new Graph(model);
  const sites = selectSites(graph, parsed, byBatch ? BATCH_NORM_OF_MAPS : MEASURABLE);
  const outputs = sites.map((site) => measure(graph, site, byBatch));
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('measure-statistics', parsed, names), outputs };
}

function measure(graph: Graph, site: NormSite, byBatch: boolean): StatisticsOutputs {
  const build = new NodeBuilder(graph, `${site.name}/measure`, site.floatType);
  const mean = build.mean(site.input, [0, 2, 3]);
  const centred = build.op('Sub', [site.input, mean]);
  const variance = build.mean(build.op('Mul', [centred, centred]), [0, 2, 3]);
  const size = build.op('Size', [site.input]);
  if (byBatch) normByBatch(graph, build, site, centred, variance);
  return {
    site: site.name,
    mean: addVectorOutput(graph, build, site, 'mean', mean),
    variance: addVectorOutput(graph, build, site, 'variance', variance),
    size: addOutput(graph, site, 'size', size, TensorProto_DataType.INT64, []),
  };
}

function normByBatch(graph: Graph, build: NodeBuilder, site: NormSite, centred: string, variance: string): void {
  const { scale, bias, epsilon } = readBatchNorm(graph, site);
  const deviation = build.op('Sqrt', [build.op('Add', [variance, build.floats('epsilon', [epsilon])])]);
  graph.replaceValue(site.output, channelAffine(build, build.op('Div', [centred, deviation]), scale, bias));
}

function addVectorOutput(graph: Graph, build: NodeBuilder, site: NormSite, what: string, value: string): string {
  const flat = build.op('Reshape', [value, build.ints('vector', [-1])]);
  return addOutput(graph, site, what, flat, dataTypeOf(site.floatType), [site.channels]);
}

function addOutput(graph: Graph, site: NormSite, what: string, value: string, type: number, dims: number[]): string {
  const name = graph.freshName(`${site.name}/${what}`);
  graph.addNode('Identity', [value], [name]);
  graph.addOutput(valueInfo(name, type, dims));
  return name;
}
