/**
 * Turns batch normalisation into layer normalisation (Ba et al. 2016): statistics of each picture's own maps, over all
 * channels, rows and columns at once; never across the batch.
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> Reshape [n,1,-1] -> InstanceNormalization -> Reshape to Shape(x) -> Mul scale -> Add bias -> y
 *
 *   y_nc = scale_c (x_nc - mu_n) / sqrt(s2_n + epsilon) + bias_c,   mu, s2 over all C channels, rows and columns
 *
 * That is group normalisation with one group; the LayerNormalization operator would need maps of a fixed size.
 * Conditions: a norm of feature maps, of all the channels of its convolution.
 */
import type { z } from 'zod';
import { Graph } from '../graph/graph.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { groupNormInPlace } from './group-norm-nodes.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';

export const bnToLnOptionsSchema = siteSelectionSchema;

/** @throws invalid_request if no site fits; model_invalid for a norm in training mode or with integer weights. */
export function bnToLn(model: ModelProto, options: z.input<typeof bnToLnOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(bnToLnOptionsSchema, options);
  const graph = new Graph(model);
  const sites = selectSites(graph, parsed, BATCH_NORM_OF_MAPS);
  for (const site of sites) groupNormInPlace(graph, site, 1, 'ln');
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('bn-to-ln', parsed, names) };
}
