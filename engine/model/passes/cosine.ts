/**
 * Turns a convolution or linear layer into its cosine form (Luo et al. 2017): bounded in [-1, 1], whatever the size of its
 * input and weights.
 *
 *   before   x -> Conv(w, b) | Gemm(w, b) -> y
 *   after    x -> Conv(w/|w|) | Gemm(w/|w|) ----------------------------+-> Div -> y
 *            +-> Mul(x, x) -> Conv(1) | MatMul(1) -> Sqrt -> Add epsilon +
 *
 *   y = w . x / (|w| (|x| + epsilon)),   x the values under the kernel, padding counted as 0
 *
 * The bias goes: a cosine has none. A row of weights of length 0 gives 0, as does a patch of length 0.
 * Conditions: stored weights; a Gemm whose input is not transposed.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { intAttribute, setAttribute } from '../graph/attributes.js';
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { ModelProto, NodeProto } from '../onnx/onnx_pb.js';
import { readConvolution, rowNorms, scaleRows, type Convolution } from './convolution.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';

export const cosineOptionsSchema = z.strictObject({
  nodes: z.array(z.string()).min(1).describe('names of Conv or Gemm nodes'),
  epsilon: z.number().positive().default(1e-12),
});

/** @throws invalid_request for a name that is no Conv or Gemm; model_invalid for weights that are computed or integers. */
export function cosine(model: ModelProto, options: z.input<typeof cosineOptionsSchema>): PassResult {
  const parsed = parseOptions(cosineOptionsSchema, options);
  const graph = new Graph(model);
  for (const name of parsed.nodes) cosineInPlace(graph, layerNamed(graph, name), parsed.epsilon);
  return { model: graph.toModel(), provenance: provenanceOf('cosine', parsed, parsed.nodes) };
}

function layerNamed(graph: Graph, name: string): NodeProto {
  const node = graph.nodes.find((it) => (it.name || it.output[0]) === name);
  if (node?.opType !== 'Conv' && node?.opType !== 'Gemm') {
    throw invalid(`expected the name of a Conv or Gemm node, got ${name} (${node?.opType ?? 'no node'})`);
  }
  if (intAttribute(node, 'transA', 0) === 1) throw invalid(`${name}: expected a Gemm whose input is not transposed`);
  return node;
}

function cosineInPlace(graph: Graph, node: NodeProto, epsilon: number): void {
  const layer = readConvolution(graph, node);
  const build = new NodeBuilder(graph, `${layer.name}/cosine`, layer.floatType);
  const x = node.input[0] ?? '';
  const y = node.output[0] ?? '';
  const factors = rowNorms(layer).map((norm) => (norm === 0 ? 0 : 1 / norm));
  graph.setInputs(node, [x, build.floats('weight', scaleRows(layer, factors), layer.dims)]);
  if (node.opType === 'Gemm') setAttribute(node, 'alpha', 1);
  const squares = build.op('Mul', [x, x]);
  const sums = node.opType === 'Gemm' ? sumsOfRows(build, squares, layer) : sumsUnderKernel(build, squares, layer);
  const lengths = build.op('Add', [build.op('Sqrt', [sums]), build.floats('epsilon', [epsilon])]);
  graph.insertBehind(y, (products) => build.op('Div', [products, lengths]));
}

function sumsOfRows(build: NodeBuilder, squares: string, { node, dims }: Convolution): string {
  const length = dims[intAttribute(node, 'transB', 0)]!;
  return build.op('MatMul', [squares, build.floats('ones', new Float32Array(length).fill(1), [length, 1])]);
}

/** One sum serves all channels of a plain convolution; with groups, each channel has its own. */
function sumsUnderKernel(build: NodeBuilder, squares: string, { node, dims, channels }: Convolution): string {
  const outputs = intAttribute(node, 'group', 1) === 1 ? 1 : channels;
  const kernel = [outputs, ...dims.slice(1)];
  const ones = new Float32Array(kernel.reduce((a, b) => a * b)).fill(1);
  return build.like(node, [squares, build.floats('ones', ones, kernel)]);
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
