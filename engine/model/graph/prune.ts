import type { GraphProto, NodeProto } from '../onnx/onnx_pb.js';
import { valuesRead } from './value-uses.js';

/**
 * Drops what no output needs: nodes, stored tensors and descriptions of values. Works on the graph it is given.
 * Inputs of the graph stay, read or not: they are part of its interface (but not a weight that is listed as one).
 * Nodes must be in topological order.
 */
export function pruneUnread(graph: GraphProto): void {
  const needed = new Set(graph.output.map(({ name }) => name));
  const kept: NodeProto[] = [];
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of valuesRead(node)) needed.add(name);
  }
  graph.node = kept.reverse();
  const dropped = new Set(graph.initializer.map(({ name }) => name).filter((name) => !needed.has(name)));
  graph.initializer = graph.initializer.filter(({ name }) => !dropped.has(name));
  graph.input = graph.input.filter(({ name }) => !dropped.has(name));
  graph.valueInfo = graph.valueInfo.filter(({ name }) => needed.has(name));
}
