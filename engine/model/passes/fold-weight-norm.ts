/**
 * Computes once what weight normalisation (Salimans & Kingma 2016) computes on every run: a convolution's weight from a
 * direction v and a length g that are stored apart.
 *
 *   before   v -> ReduceL2 = |v|;  Mul(Div(v, |v|), g)  or  Mul(v, Div(g, |v|)) -> weight of Conv | ConvTranspose | Gemm
 *   after    weight stored
 *
 *   w = g v / |v|, with the length over all axes that ReduceL2 names; v and g may be swapped in the product
 *
 * Conditions: v and g are stored; no length is 0, where w is not defined.
 */
import { LikenessError } from '../../errors.js';
import { intsAttribute } from '../graph/attributes.js';
import { constantDims, constantFloats, constantFloatType, constantInts } from '../graph/constants.js';
import { Graph } from '../graph/graph.js';
import { addFloats } from '../graph/node-builder.js';
import type { ModelProto, NodeProto } from '../onnx/onnx_pb.js';
import { provenanceOf, type PassResult } from './pass.js';

/** The parts of one weight. */
interface WeightNorm {
  v: string;
  g: string;
  /** The node that computes |v|. */
  length: NodeProto;
}

const WEIGHTED = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/** @throws invalid_request if no weight is so normalised; model_invalid if a length is 0 or g does not fit v. */
export function foldWeightNorm(model: ModelProto): PassResult {
  const graph = new Graph(model);
  const folded = graph.nodes.filter((node) => WEIGHTED.has(node.opType) && foldIfNormed(graph, node));
  if (folded.length === 0) throw new LikenessError('invalid_request', 'expected weights g v / |v|, found none');
  const names = folded.map((node) => node.name || (node.output[0] ?? ''));
  return { model: graph.toModel(), provenance: provenanceOf('fold-weight-norm', {}, names) };
}

function foldIfNormed(graph: Graph, node: NodeProto): boolean {
  const value = node.input[1] ?? '';
  const found = weightNorm(graph, value);
  if (found === undefined) return false;
  const dims = constantDims(graph, found.v)!;
  const floatType = constantFloatType(graph, found.v) ?? 'float32';
  const weight = addFloats(
    graph,
    graph.freshName(`${value}/folded`),
    dims,
    normedWeight(graph, value, found),
    floatType,
  );
  graph.setInputs(node, [node.input[0] ?? '', weight, ...node.input.slice(2)]);
  return true;
}

/** @returns the parts of Mul(Div(v, |v|), g) or Mul(v, Div(g, |v|)), in either order, or undefined. */
function weightNorm(graph: Graph, value: string): WeightNorm | undefined {
  const product = graph.producer(value);
  if (product?.opType !== 'Mul') return undefined;
  const [left = '', right = ''] = product.input;
  return normedBy(graph, left, right) ?? normedBy(graph, right, left);
}

function normedBy(graph: Graph, quotient: string, other: string): WeightNorm | undefined {
  const division = graph.producer(quotient);
  const length = graph.producer(division?.input[1] ?? '');
  if (division?.opType !== 'Div' || length?.opType !== 'ReduceL2') return undefined;
  const [v, above] = [length.input[0] ?? '', division.input[0] ?? ''];
  const g = above === v ? other : above;
  if (above !== v && other !== v) return undefined;
  const stored = constantDims(graph, v) !== undefined && constantDims(graph, g) !== undefined;
  return stored ? { v, g, length } : undefined;
}

function normedWeight(graph: Graph, name: string, { v, g, length }: WeightNorm): Float32Array {
  const [direction, gain] = [constantFloats(graph, v)!, constantFloats(graph, g)!];
  const dims = constantDims(graph, v)!;
  const rowOf = rowIndex(dims, reducedAxes(graph, length, dims.length));
  const sums: number[] = [];
  direction.forEach((it, i) => (sums[rowOf(i)] = (sums[rowOf(i)] ?? 0) + it * it));
  if (sums.includes(0)) throw invalid(name, 'expected no direction of length 0, found one');
  if (gain.length !== sums.length && gain.length !== 1) {
    throw invalid(name, `expected ${sums.length} lengths, found ${gain.length}`);
  }
  const factor = sums.map((sum, row) => gain[gain.length === 1 ? 0 : row]! / Math.sqrt(sum));
  return direction.map((it, i) => it * factor[rowOf(i)]!);
}

/** Axes count from the end where negative; none named means all. */
function reducedAxes(graph: Graph, length: NodeProto, rank: number): Set<number> {
  const axes = intsAttribute(length, 'axes') ?? constantInts(graph, length.input[1]);
  return new Set(axes?.map((axis) => (axis + rank) % rank) ?? Array.from({ length: rank }, (_, i) => i));
}

/** @returns which length the i-th weight belongs to: its place along the axes that are kept. */
function rowIndex(dims: readonly number[], reduced: ReadonlySet<number>): (i: number) => number {
  return (i) => {
    let [rest, row, step] = [i, 0, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const size = dims[axis]!;
      if (!reduced.has(axis)) [row, step] = [row + (rest % size) * step, step * size];
      rest = Math.floor(rest / size);
    }
    return row;
  };
}

function invalid(name: string, message: string): LikenessError {
  return new LikenessError('model_invalid', `weight ${name}: ${message}`);
}
