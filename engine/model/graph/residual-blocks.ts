import type { NodeProto } from '../onnx/onnx_pb.js';
import type { Graph } from './graph.js';
import type { MapFacts } from './map-facts.js';

/**
 * x -> body -> Add <- shortcut <- x. The body is the way with more convolutions; the shortcut may hold none at all.
 * Values are named as in the graph.
 */
export interface ResidualBlock {
  /** Value that both ways start from. */
  input: string;
  /** Value that the addition gives. */
  output: string;
  /** Stride of the output. */
  stride: number;
  /** Values computed on each way, the one that is added included, the input not. */
  body: ReadonlySet<string>;
  shortcut: ReadonlySet<string>;
}

/** @returns the residual blocks in the order of their additions. */
export function residualBlocks(graph: Graph, facts: ReadonlyMap<string, MapFacts>): ResidualBlock[] {
  const order = new Map<string, number>();
  for (const { name } of graph.inputs) order.set(name, order.size);
  for (const node of graph.nodes) for (const name of node.output) order.set(name, order.size);
  return graph.nodes.flatMap((node) => blockOf(graph, facts, order, node) ?? []);
}

function blockOf(
  graph: Graph,
  facts: ReadonlyMap<string, MapFacts>,
  order: ReadonlyMap<string, number>,
  node: NodeProto,
): ResidualBlock | undefined {
  const output = facts.get(node.output[0] ?? '');
  const [left, right] = node.input;
  if (node.opType !== 'Add' || output === undefined || left === undefined || right === undefined) return undefined;
  if (!facts.has(left) || !facts.has(right) || output.stride === Infinity) return undefined;
  const ways = [ancestors(graph, left), ancestors(graph, right)] as const;
  const input = latestCommon(ways, facts, order);
  if (input === undefined) return undefined;
  const [a, b] = ways.map((way) => between(way, input, order, graph)) as [Set<string>, Set<string>];
  // the addition of a decoder joins maps that were made coarser in between; that is no block
  if ([...a, ...b].some((value) => isCoarser(facts.get(value), output.stride))) return undefined;
  const [body, shortcut] = convolutions(graph, a) >= convolutions(graph, b) ? [a, b] : [b, a];
  if (convolutions(graph, body) === 0) return undefined;
  return { input, output: node.output[0] ?? '', stride: output.stride, body, shortcut };
}

/** The value itself and all that it was computed from; not only maps, for a norm may reshape them on its way. */
function ancestors(graph: Graph, value: string): Set<string> {
  const found = new Set<string>();
  const open = [value];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(graph.producer(name)?.input ?? []));
  }
  return found;
}

function latestCommon(
  ways: readonly [Set<string>, Set<string>],
  facts: ReadonlyMap<string, MapFacts>,
  order: ReadonlyMap<string, number>,
): string | undefined {
  const common = [...ways[0]].filter((name) => ways[1].has(name) && facts.has(name));
  return common.toSorted((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0))[0];
}

/** What of a way lies behind the fork, that is, was computed from it. */
function between(
  way: ReadonlySet<string>,
  input: string,
  order: ReadonlyMap<string, number>,
  graph: Graph,
): Set<string> {
  const inside = new Set<string>();
  const sorted = [...way].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  for (const name of sorted) {
    const sources = graph.producer(name)?.input ?? [];
    if (sources.some((it) => it === input || inside.has(it))) inside.add(name);
  }
  return inside;
}

function isCoarser(facts: MapFacts | undefined, stride: number): boolean {
  return facts !== undefined && facts.stride !== Infinity && facts.stride > stride;
}

function convolutions(graph: Graph, values: ReadonlySet<string>): number {
  return [...values].filter((name) => graph.producer(name)?.opType === 'Conv').length;
}
