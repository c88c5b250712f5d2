import { LikenessError } from '../../errors.js';
import type { NodeProto } from '../onnx/onnx_pb.js';
import { valuesRead } from './value-uses.js';

/**
 * Puts nodes in an order in which each comes after all whose values it reads. Nodes that are in such an order keep it;
 * new ones at the end of the list move to just before their first reader.
 * @throws model_invalid if they form a cycle, or two give a value of the same name.
 */
export function topologicalOrder(nodes: readonly NodeProto[]): NodeProto[] {
  const producers = producersOf(nodes);
  const order: NodeProto[] = [];
  const state = new Map<NodeProto, 'open' | 'done'>();
  for (const root of nodes) visit(root, producers, state, order);
  return order;
}

/**
 * @returns the node that gives each value.
 * @throws model_invalid if two nodes give a value of the same name.
 */
export function producersOf(nodes: readonly NodeProto[]): Map<string, NodeProto> {
  const producers = new Map<string, NodeProto>();
  for (const node of nodes) {
    for (const name of node.output) {
      if (name === '') continue;
      if (producers.has(name)) throw invalid(`expected one node to give the value ${name}, found two`);
      producers.set(name, node);
    }
  }
  return producers;
}

/** Depth first with a stack of its own: a file may hold a chain of nodes longer than the call stack is deep. */
function visit(
  root: NodeProto,
  producers: ReadonlyMap<string, NodeProto>,
  state: Map<NodeProto, 'open' | 'done'>,
  order: NodeProto[],
): void {
  const stack = [root];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const waiting = state.has(node) ? [] : unmet(node, producers, state);
    if (waiting.length > 0) {
      state.set(node, 'open');
      stack.push(...waiting.reverse());
      continue;
    }
    stack.pop();
    if (state.get(node) !== 'done') order.push(node);
    state.set(node, 'done');
  }
}

/** @throws model_invalid if one of the nodes before this one is still waiting for it. */
function unmet(
  node: NodeProto,
  producers: ReadonlyMap<string, NodeProto>,
  state: ReadonlyMap<NodeProto, 'open' | 'done'>,
): NodeProto[] {
  const before = [...new Set(valuesRead(node).flatMap((name) => producers.get(name) ?? []))];
  if (before.includes(node) || before.some((it) => state.get(it) === 'open')) {
    throw invalid(`expected a graph without cycles, found one through node ${node.name || node.opType}`);
  }
  return before.filter((it) => state.get(it) !== 'done');
}

function invalid(message: string): LikenessError {
  return new LikenessError('model_invalid', message);
}
