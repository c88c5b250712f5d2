/**
 * Turns batch normalisation into dynamic layer normalisation (Kim et al. 2017): scale and bias are made from a summary of
 * the picture's own map.
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> Conv 1x1 (summary) -> Tanh -> mean over rows and columns = a
 *            a -> Conv 1x1 (gain) = g;   a -> Conv 1x1 (shift) = b;   x -> layer norm -> Mul g -> Add b -> y
 *
 *   a = mean_t tanh(W_a x_t + c_a) [D],   g = W_g a + c_g [C],   b = W_b a + c_b [C],   y = g (x - mu_n) / sqrt(s2_n + eps) + b
 *
 * with t over rows and columns, mu and s2 over all channels, rows and columns of a picture. With W_g = W_b = 0, c_g = scale
 * and c_b = bias it is bn-to-ln. The matrices are learned elsewhere. Conditions: batch normalisation of feature maps.
 */
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm } from './batch-norm.js';
import { groupMoments } from './group-norm-nodes.js';
import { provenanceOf, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';

/** weight [outputs, inputs] row-major, bias [outputs]. */
export interface LinearMap {
  weight: ArrayLike<number>;
  bias: ArrayLike<number>;
}

/** Of one site with C channels and a summary of D numbers. */
export interface DynamicAffine {
  /** [D,C] */
  summary: LinearMap;
  /** [C,D] */
  gain: LinearMap;
  /** [C,D] */
  shift: LinearMap;
}

/**
 * @param affines by name of the site.
 * @throws invalid_request for a name that is no batch norm of maps, or matrices of the wrong size; model_invalid for a norm
 * in training mode or with integer weights.
 */
export function dynamicLn(model: ModelProto, affines: Readonly<Record<string, DynamicAffine>>): PassResult {
  const graph = new Graph(model);
  const names = Object.keys(affines);
  if (names.length === 0)
    throw new LikenessError('invalid_request', 'expected matrices of at least one site, got none');
  for (const site of selectSites(graph, { sites: names }, BATCH_NORM_OF_MAPS)) {
    rewrite(graph, site, affines[site.name]!);
  }
  return { model: graph.toModel(), provenance: provenanceOf('dynamic-ln', {}, names) };
}

function rewrite(graph: Graph, site: NormSite, { summary, gain, shift }: DynamicAffine): void {
  const { node, epsilon } = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/dynamic-ln`, site.floatType);
  const x = node.input[0] ?? '';
  const [c, d] = [site.channels, summary.bias.length];
  const hidden = build.op('Tanh', [linear(build, site, 'summary', x, summary, d, c)]);
  const a = build.spatialMean(hidden);
  const g = linear(build, site, 'gain', a, gain, c, d);
  const b = linear(build, site, 'shift', a, shift, c, d);
  const normed = groupMoments(build, x, 1, epsilon);
  graph.replaceValue(site.output, build.op('Add', [build.op('Mul', [normed, g]), b]));
}

/** A linear map of the channels at each pixel. */
function linear(
  build: NodeBuilder,
  site: NormSite,
  what: string,
  x: string,
  { weight, bias }: LinearMap,
  outputs: number,
  inputs: number,
): string {
  if (outputs === 0 || weight.length !== outputs * inputs || bias.length !== outputs) {
    const sizes = `expected ${what} [${outputs},${inputs}] and bias [${outputs}], got ${weight.length} and ${bias.length}`;
    throw new LikenessError('invalid_request', `${site.name}: ${sizes} values`);
  }
  const w = build.floats(`${what}.weight`, weight, [outputs, inputs, 1, 1]);
  return build.op('Conv', [x, w, build.floats(`${what}.bias`, bias)], { kernel_shape: [1n, 1n] });
}
