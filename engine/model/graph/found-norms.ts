import type { NodeProto } from '../onnx/onnx_pb.js';
import { dimsOf, sizeOf } from '../onnx/tensor.js';
import { floatAttribute, intAttribute } from './attributes.js';
import { constantDims, constantOf } from './constants.js';
import { decomposedGroupNorm, decomposedMoments } from './decomposed-norms.js';
import type { Graph } from './graph.js';
import type { FoundNorm } from './norm-site.js';

const DEFAULT_EPSILON = 1e-5;

/** @returns every norm of the graph with constant parameters, in topological order. */
export function foundNorms(graph: Graph): FoundNorm[] {
  return graph.nodes.flatMap((node) => normOf(graph, node) ?? []);
}

function normOf(graph: Graph, node: NodeProto): FoundNorm | undefined {
  switch (node.opType) {
    case 'BatchNormalization':
      return singleNode(graph, node, 'batch');
    case 'InstanceNormalization':
      return decomposedGroupNorm(graph, node) ?? singleNode(graph, node, 'instance');
    case 'GroupNormalization':
      return groupNorm(graph, node);
    case 'LayerNormalization':
      return singleNode(graph, node, 'layer');
    case 'Div':
      return decomposedMoments(graph, node);
    default:
      return undefined;
  }
}

function singleNode(graph: Graph, node: NodeProto, kind: FoundNorm['kind']): FoundNorm | undefined {
  const scale = constantOf(graph, node.input[1] ?? '');
  if (scale === undefined) return undefined;
  const epsilon = floatAttribute(node, 'epsilon', DEFAULT_EPSILON);
  const channels = sizeOf(dimsOf(scale.tensor));
  return { kind, node, input: node.input[0] ?? '', output: node.output[0] ?? '', channels, groups: undefined, epsilon };
}

/** Opset 18 had one scale a group, 21 one a channel; the channels of the former are not known here, so it is left out. */
function groupNorm(graph: Graph, node: NodeProto): FoundNorm | undefined {
  const groups = intAttribute(node, 'num_groups', 1);
  const found = singleNode(graph, node, groups === 1 ? 'layer' : 'group');
  if (found === undefined || (graph.opset < 21 && constantDims(graph, node.input[1])?.[0] === groups)) return undefined;
  return { ...found, groups };
}
