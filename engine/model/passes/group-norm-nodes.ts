import type { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import { readBatchNorm } from './batch-norm.js';

/**
 * Norms groups of channels: x -> Reshape [n,G,-1] -> InstanceNormalization(1, 0) -> Reshape to the shape of x.
 * Exact, in every operator set and for any size of map; with one group it is layer normalisation.
 * @returns the value before scale and bias, [n,C,h,w].
 */
export function groupMoments(build: NodeBuilder, x: string, groups: number, epsilon: number): string {
  const grouped = build.op('Reshape', [x, build.ints('groups', [0, groups, -1])]);
  const ones = build.floats('ones', new Float32Array(groups).fill(1));
  const zeros = build.floats('zeros', new Float32Array(groups));
  const normed = build.op('InstanceNormalization', [grouped, ones, zeros], { epsilon });
  return build.op('Reshape', [normed, build.op('Shape', [x])]);
}

/** @returns the value times scale plus bias, each one value a channel. */
export function channelAffine(build: NodeBuilder, x: string, scale: Float32Array, bias: Float32Array): string {
  const scaled = build.op('Mul', [x, build.perChannel('scale', scale)]);
  return build.op('Add', [scaled, build.perChannel('bias', bias)]);
}

/** Puts a group norm with the scale and bias of a batch norm in its place. */
export function groupNormInPlace(graph: Graph, site: NormSite, groups: number, scope: string): void {
  const { node, scale, bias, epsilon } = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/${scope}`, site.floatType);
  const normed = groupMoments(build, node.input[0] ?? '', groups, epsilon);
  graph.replaceValue(site.output, channelAffine(build, normed, scale, bias));
}
