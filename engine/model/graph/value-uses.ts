import type { GraphProto, NodeProto } from '../onnx/onnx_pb.js';

/**
 * @returns names of the values that a node reads: its inputs, and what the graphs inside it (of If, Loop, Scan) read.
 * Their own values are among them; names are unique across both, so they match nothing outside.
 */
export function valuesRead(node: NodeProto): string[] {
  return [...node.input.filter((name) => name !== ''), ...innerGraphs(node).flatMap(readByGraph)];
}

/** @returns the nodes that read each value, each once, in the order of the list. */
export function readersOf(nodes: readonly NodeProto[]): Map<string, NodeProto[]> {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(valuesRead(node))) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [node]);
      else known.push(node);
    }
  }
  return readers;
}

/** Lets a node, and the graphs inside it, read another value in place of one. */
export function renameRead(node: NodeProto, from: string, to: string): void {
  node.input = node.input.map((name) => (name === from ? to : name));
  for (const graph of innerGraphs(node)) {
    for (const inner of graph.node) renameRead(inner, from, to);
    for (const output of graph.output) if (output.name === from) output.name = to;
  }
}

function readByGraph(graph: GraphProto): string[] {
  return [...graph.node.flatMap(valuesRead), ...graph.output.map(({ name }) => name)];
}

function innerGraphs(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]));
}
