import { constantOf } from './graph/constants.js';
import type { Graph } from './graph/graph.js';
import type { MapFacts } from './graph/map-facts.js';
import { dimsOf, floatTypeOf, sizeOf } from './onnx/tensor.js';
import type { NodeProto } from './onnx/onnx_pb.js';

/** What one node costs on one picture. */
export interface LayerCost {
  node: NodeProto;
  /** Multiply-accumulates of convolutions and linear layers; that of other operators is small beside them and left out. */
  macs: number;
  /** Stored floating-point values that this node is the first to read. */
  parameters: number;
}

/** Only these hand on a constant; its parameters belong to the node that reads it. */
const HANDING_ON = new Set(['Cast', 'Identity', 'Constant']);

/**
 * @param sidePx side of the square picture.
 * @returns cost of each node, in the order of the network. Sizes of maps are worked out from their strides, rounded up.
 */
export function layerCosts(graph: Graph, facts: ReadonlyMap<string, MapFacts>, sidePx: number): LayerCost[] {
  const counted = new Set<unknown>();
  return graph.nodes
    .filter(({ opType }) => !HANDING_ON.has(opType))
    .map((node) => ({
      node,
      macs: macsOf(graph, facts, node, sidePx),
      parameters: newParameters(graph, node, counted),
    }));
}

/** Each weight is used once for each point of the map: of the output, or, spread by a transposed one, of the input. */
function macsOf(graph: Graph, facts: ReadonlyMap<string, MapFacts>, node: NodeProto, sidePx: number): number {
  const weight = constantOf(graph, node.input[1] ?? '');
  if (weight === undefined) return 0;
  const weights = sizeOf(dimsOf(weight.tensor));
  const pointsOf = (value: string | undefined) => mapPoints(facts.get(value ?? ''), sidePx);
  switch (node.opType) {
    case 'Conv':
    case 'MatMul':
      return weights * pointsOf(node.output[0]);
    case 'ConvTranspose':
      return weights * pointsOf(node.input[0]);
    case 'Gemm':
      return weights;
    default:
      return 0;
  }
}

/** Rows times columns; 1 for what is no map. */
function mapPoints(facts: MapFacts | undefined, sidePx: number): number {
  return Math.ceil(sidePx / (facts?.stride ?? Infinity)) ** 2 || 1;
}

function newParameters(graph: Graph, node: NodeProto, counted: Set<unknown>): number {
  const tensors = node.input.flatMap((value) => constantOf(graph, value)?.tensor ?? []);
  const fresh = tensors.filter((it) => floatTypeOf(it.dataType) !== undefined && !counted.has(it));
  for (const tensor of fresh) counted.add(tensor);
  return fresh.reduce((sum, it) => sum + sizeOf(dimsOf(it)), 0);
}
