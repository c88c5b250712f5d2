/**
 * Turns batch normalisation into group normalisation (Wu & He 2018): statistics of each picture's own maps, over groups
 * of neighbouring channels.
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> Reshape [n,G,-1] -> InstanceNormalization -> Reshape to Shape(x) -> Mul scale -> Add bias -> y
 *
 *   y_nc = scale_c (x_nc - mu_ng) / sqrt(s2_ng + epsilon) + bias_c,   mu, s2 over the C/G channels, rows and columns of g
 *
 * Conditions: a norm of feature maps; G divides C. Without a number of groups, G is the greatest common divisor of 32 and C.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { groupNormInPlace } from './group-norm-nodes.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';

export const bnToGnOptionsSchema = siteSelectionSchema.extend({
  groups: z.number().int().min(1).optional().describe('number of groups; must divide the channels of each site'),
});

/**
 * @throws invalid_request if no site fits or the groups do not divide its channels; model_invalid for a norm in training
 * mode or with integer weights.
 */
export function bnToGn(model: ModelProto, options: z.input<typeof bnToGnOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(bnToGnOptionsSchema, options);
  const graph = new Graph(model);
  const sites = selectSites(graph, parsed, BATCH_NORM_OF_MAPS);
  for (const site of sites) groupNormInPlace(graph, site, groupsOf(site, parsed.groups), 'gn');
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('bn-to-gn', parsed, names) };
}

function groupsOf({ name, channels }: NormSite, wanted: number | undefined): number {
  if (wanted === undefined) return greatestCommonDivisor(32, channels);
  if (channels % wanted === 0) return wanted;
  throw new LikenessError(
    'invalid_request',
    `${name}: expected groups that divide ${channels} channels, got ${wanted}`,
  );
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
