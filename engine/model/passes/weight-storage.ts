/**
 * Stores the weights of convolutions and linear layers in float16 or float32; the network computes in float32 either way.
 *
 *   float32   W [float32] -> Conv
 *   float16   W [float16] -> Cast(float32) -> Conv
 *
 * Only weights of two axes or more change: vectors (bias, statistics) are small, and variances do not all fit a half.
 * Conditions: for float16, no weight above 65504 in magnitude.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { constantOf } from '../graph/constants.js';
import { Graph } from '../graph/graph.js';
import { addFloats } from '../graph/node-builder.js';
import { TensorProto_DataType, type ModelProto, type NodeProto } from '../onnx/onnx_pb.js';
import { dataTypeOf, dimsOf, readFloats, type FloatType } from '../onnx/tensor.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';

export const weightStorageOptionsSchema = z.strictObject({ storage: z.enum(['float32', 'float16']) });

const LARGEST_FLOAT16 = 65_504;
const WEIGHTED = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** @throws invalid_request if all weights are stored so already, or one does not fit a float16. */
export function weightStorage(model: ModelProto, options: z.input<typeof weightStorageOptionsSchema>): PassResult {
  const { storage } = parseOptions(weightStorageOptionsSchema, options);
  const graph = new Graph(model);
  const moved = new Map<string, string>();
  for (const node of graph.nodes.filter(({ opType }) => WEIGHTED.has(opType))) restore(graph, node, storage, moved);
  if (moved.size === 0) {
    throw new LikenessError('invalid_request', `expected weights that are not stored as ${storage} yet, found none`);
  }
  return { model: graph.toModel(), provenance: provenanceOf('weight-storage', { storage }, [...moved.keys()]) };
}

/** @param moved new names of weights by their old ones: nodes that share a weight go on doing so. */
function restore(graph: Graph, node: NodeProto, storage: FloatType, moved: Map<string, string>): void {
  const value = node.input[1] ?? '';
  const constant = constantOf(graph, value);
  if (constant?.dataType !== TensorProto_DataType.FLOAT || constant.tensor.dataType === dataTypeOf(storage)) return;
  if (constant.tensor.dims.length < 2) return;
  const values = readFloats(constant.tensor);
  if (storage === 'float16' && values.some((it) => Math.abs(it) > LARGEST_FLOAT16)) {
    throw new LikenessError('invalid_request', `expected weights that fit float16, found larger ones in ${value}`);
  }
  const dims = dimsOf(constant.tensor);
  const name = moved.get(value) ?? addFloats(graph, graph.freshName(value), dims, values, 'float32', storage);
  moved.set(value, name);
  graph.setInputs(node, [node.input[0] ?? '', name, ...node.input.slice(2)]);
}
