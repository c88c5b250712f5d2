/**
 * Norms that a file spells out in simpler operators.
 *
 *   group norm:  x -> Reshape [0,G,-1] -> InstanceNormalization -> Reshape to Shape(x) -> Mul scale -> Add bias
 *   moments:     x -> Sub ReduceMean(x) = d -> Div Sqrt(ReduceMean(d * d) + eps) -> Mul scale -> Add bias
 */
import type { NodeProto } from '../onnx/onnx_pb.js';
import { sizeOf } from '../onnx/tensor.js';
import { floatAttribute, intsAttribute } from './attributes.js';
import { constantDims, constantFloats, constantInts } from './constants.js';
import type { Graph } from './graph.js';
import type { FoundNorm } from './norm-site.js';

/** @returns the group norm (layer, with one group) whose InstanceNormalization this is, or undefined. */
export function decomposedGroupNorm(graph: Graph, node: NodeProto): FoundNorm | undefined {
  const before = graph.producer(node.input[0] ?? '');
  const after = onlyReader(graph, node);
  if (before?.opType !== 'Reshape' || after?.opType !== 'Reshape') return undefined;
  const groups = constantInts(graph, before.input[1])?.[1];
  if (groups === undefined || groups < 1) return undefined;
  const { output, channels } = affineBehind(graph, after);
  if (channels === undefined) return undefined;
  const input = before.input[0] ?? '';
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  return { kind: groups === 1 ? 'layer' : 'group', node, input, output, channels, groups, epsilon };
}

/** @returns the norm whose division by the standard deviation this is: of a layer or of an instance, or undefined. */
export function decomposedMoments(graph: Graph, node: NodeProto): FoundNorm | undefined {
  const centred = graph.producer(node.input[0] ?? '');
  const axes = centred && meanAxes(graph, centred);
  const epsilon = deviationEpsilon(graph, node.input[1] ?? '', node.input[0] ?? '');
  if (centred === undefined || axes === undefined || epsilon === undefined) return undefined;
  const { output, channels } = affineBehind(graph, node);
  if (channels === undefined) return undefined;
  const kind = axes.includes(1) || axes.includes(-1) ? 'layer' : 'instance';
  return { kind, node, input: centred.input[0] ?? '', output, channels, groups: undefined, epsilon };
}

/** @returns the axes that the mean of x - mean(x) goes over. */
function meanAxes(graph: Graph, centred: NodeProto): number[] | undefined {
  if (centred.opType !== 'Sub') return undefined;
  const mean = graph.producer(centred.input[1] ?? '');
  if (mean?.opType !== 'ReduceMean' || mean.input[0] !== centred.input[0]) return undefined;
  return intsAttribute(mean, 'axes') ?? constantInts(graph, mean.input[1]);
}

/** @returns eps of Sqrt(ReduceMean(centred squared) + eps). */
function deviationEpsilon(graph: Graph, deviation: string, centred: string): number | undefined {
  const root = graph.producer(deviation);
  const sum = root?.opType === 'Sqrt' ? graph.producer(root.input[0] ?? '') : undefined;
  if (sum?.opType !== 'Add') return undefined;
  const variance = graph.producer(sum.input[0] ?? '');
  if (variance?.opType !== 'ReduceMean' || !isSquare(graph, variance.input[0] ?? '', centred)) return undefined;
  return constantFloats(graph, sum.input[1])?.[0];
}

function isSquare(graph: Graph, value: string, of: string): boolean {
  const node = graph.producer(value);
  if (node?.input[0] !== of) return false;
  if (node.opType === 'Mul') return node.input[1] === of;
  return node.opType === 'Pow' && constantFloats(graph, node.input[1])?.[0] === 2;
}

/** Follows Mul scale and Add bias behind a node. channels is the length of the scale, undefined without one. */
function affineBehind(graph: Graph, node: NodeProto): { output: string; channels: number | undefined } {
  let last = node;
  let channels: number | undefined;
  for (const opType of ['Mul', 'Add']) {
    const next = onlyReader(graph, last);
    const dims = next?.opType === opType ? constantDims(graph, otherInput(next, last.output[0] ?? '')) : undefined;
    if (next === undefined || dims === undefined) break;
    channels ??= sizeOf(dims);
    last = next;
  }
  return { output: last.output[0] ?? '', channels };
}

function onlyReader(graph: Graph, node: NodeProto): NodeProto | undefined {
  const value = node.output[0] ?? '';
  const reader = graph.consumers(value)[0];
  return reader !== undefined && graph.isReadOnlyBy(value, reader) ? reader : undefined;
}

function otherInput(node: NodeProto, value: string): string | undefined {
  return node.input[0] === value ? node.input[1] : node.input[0];
}
