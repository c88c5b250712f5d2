/**
 * Turns batch normalisation into instance normalisation (Ulyanov et al. 2016): the statistics of each picture's own map
 * in place of the stored ones.
 *
 *   before   x -> BatchNormalization(scale, bias, mean, variance) -> y
 *   after    x -> InstanceNormalization(scale, bias) -> y
 *
 *   y_nc = scale_c (x_nc - mu_nc) / sqrt(s2_nc + epsilon) + bias_c,   mu, s2 over the rows and columns of map c of picture n
 *
 * Conditions: a norm of feature maps. On a map of one point the result is the bias.
 */
import type { z } from 'zod';
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm } from './batch-norm.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';

export const bnToInOptionsSchema = siteSelectionSchema;

/** @throws invalid_request if no site fits; model_invalid for a norm in training mode or with integer weights. */
export function bnToIn(model: ModelProto, options: z.input<typeof bnToInOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(bnToInOptionsSchema, options);
  const graph = new Graph(model);
  const sites = selectSites(graph, parsed, BATCH_NORM_OF_MAPS);
  for (const site of sites) {
    const { node, scale, bias, epsilon } = readBatchNorm(graph, site);
    const build = new NodeBuilder(graph, `${site.name}/in`, site.floatType);
    const inputs = [node.input[0] ?? '', build.floats('scale', scale), build.floats('bias', bias)];
    graph.replaceValue(site.output, build.op('InstanceNormalization', inputs, { epsilon }));
  }
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('bn-to-in', parsed, names) };
}
