import { LikenessError } from '../../errors.js';
import { intAttribute } from '../graph/attributes.js';
import { constantFloats } from '../graph/constants.js';
import type { Graph } from '../graph/graph.js';
import type { NormSite } from '../graph/norm-site.js';
import type { NodeProto } from '../onnx/onnx_pb.js';

/** y = scale (x - mean) / sqrt(variance + epsilon) + bias, each vector [C]. */
export interface BatchNorm {
  node: NodeProto;
  scale: Float32Array;
  bias: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  epsilon: number;
}

/**
 * Reads the BatchNormalization node of a site.
 * @throws model_invalid if it is in training mode, its vectors are computed, integer or of unlike lengths, a variance is
 * negative, or a value is not finite.
 */
export function readBatchNorm(graph: Graph, site: NormSite): BatchNorm {
  const node = graph.producer(site.output);
  if (node?.opType !== 'BatchNormalization') throw invalid(site, 'expected a BatchNormalization node, found none');
  checkMode(site, node);
  const vectors = ['scale', 'bias', 'mean', 'variance'].map((what, i) => vector(graph, site, what, node.input[i + 1]));
  const [scale, bias, mean, variance] = vectors as [Float32Array, Float32Array, Float32Array, Float32Array];
  if (variance.some((it) => it < 0)) throw invalid(site, 'expected no negative variance, found one');
  return { node, scale, bias, mean, variance, epsilon: site.epsilon };
}

/** The mode is an attribute from opset 14 on; before, it shows in the outputs. Opset 7 and 8 could norm each pixel alone. */
function checkMode(site: NormSite, node: NodeProto): void {
  const outputs = node.output.filter((name) => name !== '').length;
  if (intAttribute(node, 'training_mode', 0) !== 0 || outputs !== 1) {
    throw invalid(site, 'expected a BatchNormalization with stored statistics, found one in training mode');
  }
  if (intAttribute(node, 'spatial', 1) !== 1) throw invalid(site, 'expected one value a channel, found one a pixel');
}

function vector(graph: Graph, site: NormSite, what: string, value: string | undefined): Float32Array {
  const found = constantFloats(graph, value);
  if (found === undefined) throw invalid(site, `expected a stored ${what}, found one that is computed or fed`);
  if (found.length !== site.channels) {
    throw invalid(site, `expected ${site.channels} values of ${what}, found ${found.length}`);
  }
  if (!found.every(Number.isFinite)) throw invalid(site, `expected finite values of ${what}, found others`);
  return found;
}

function invalid({ name }: NormSite, message: string): LikenessError {
  return new LikenessError('model_invalid', `${name}: ${message}`);
}
