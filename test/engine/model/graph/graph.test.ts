import { clone, create, equals } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { valueInfo } from '../../../../engine/model/graph/node-builder.js';
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  type ModelProto,
  type NodeProto,
} from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { expectRefused } from '../graph-support/expect.js';
import { randomModel } from '../graph-support/random-model.js';
import { randomMap, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, type TinyNode } from '../graph-support/tiny-model.js';

/** x -> a -> b -> y, with a skip from a to y. */
const NODES: TinyNode[] = [
  { op: 'Relu', in: ['x'], out: ['a'] },
  { op: 'Neg', in: ['a'], out: ['b'] },
  { op: 'Add', in: ['b', 'a'], out: ['y'] },
];

describe('Graph', () => {
  it('tells who gives and who reads a value', () => {
    const graph = new Graph(tinyModel({ nodes: NODES, weights: [floatTensor('w', [1], [1])] }));
    expect(graph.producer('b')?.opType).toBe('Neg');
    expect(graph.producer('x')).toBeUndefined();
    expect(graph.consumers('a').map((node) => node.opType)).toEqual(['Neg', 'Add']);
    expect(graph.isReadOnlyBy('b', graph.producer('y')!)).toBe(true);
    expect(graph.isReadOnlyBy('a', graph.producer('b')!)).toBe(false);
    expect(['x', 'w', 'a', 'nothing'].map((name) => graph.has(name))).toEqual([true, true, true, false]);
    expect(graph.initializer('w')?.name).toBe('w');
    expect(graph.isOutput('y')).toBe(true);
  });

  it('gives back an unread model as it was, but for what no output needs', () => {
    fc.assert(
      fc.property(randomModel(), ({ model }) => {
        expect(equals(ModelProtoSchema, new Graph(model).toModel(), model)).toBe(true);
      }),
      { numRuns: 20 },
    );
    const dead = tinyModel({
      nodes: [...NODES, { op: 'Add', in: ['y', 'w'], out: ['z'] }],
      weights: [floatTensor('w', [1], [1])],
    });
    dead.graph!.input.push(valueInfo('w', 1, [1])); // without its weight this would become an input that must be fed
    dead.graph!.valueInfo = [valueInfo('z', 1, []), valueInfo('a', 1, [])];
    const { node, input, initializer, valueInfo: infos } = new Graph(dead).toModel().graph!;
    expect(input.map(({ name }) => name)).toEqual(['x']);
    expect([node.length, initializer.length, infos.map(({ name }) => name)]).toEqual([3, 0, ['a']]);
  });

  it('puts nodes in order, whatever order they come in', () => {
    fc.assert(
      fc.property(randomModel(), fc.nat(), ({ model }, seed) => {
        const shuffled = clone(ModelProtoSchema, model);
        const random = seeded(seed);
        const keys = new Map(shuffled.graph!.node.map((node) => [node, random()]));
        shuffled.graph!.node.sort((a, b) => keys.get(a)! - keys.get(b)!);
        const known = new Set(['x', ...shuffled.graph!.initializer.map(({ name }) => name)]);
        for (const node of new Graph(shuffled).nodes) {
          expect(node.input.every((name) => known.has(name))).toBe(true);
          for (const name of node.output) known.add(name);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('orders a chain that is longer than the call stack is deep', () => {
    const model = tinyModel({ nodes: NODES });
    const [first] = model.graph!.node;
    const link = (i: number): NodeProto => ({
      ...clone2(first!),
      input: [i === 0 ? 'x' : `v${i - 1}`],
      output: [`v${i}`],
    });
    model.graph!.node = Array.from({ length: 20_000 }, (_, i) => link(i)).reverse();
    model.graph!.output[0]!.name = 'v19999';
    expect(new Graph(model).nodes[0]?.input).toEqual(['x']);
  });

  it.each<[string, TinyNode[], string]>([
    ['a cycle', [relu('b', 'a'), relu('a', 'b'), relu('a', 'y')], 'without cycles'],
    ['a node that reads itself', [relu('y', 'y')], 'without cycles'],
    ['a value given twice', [relu('x', 'y'), relu('x', 'y')], 'one node to give the value y, found two'],
    ['a value that nothing gives', [relu('z', 'y')], 'that gives the value z, found none'],
    ['an output that nothing gives', [relu('x', 'z')], 'that gives the value y, found none'],
  ])('refuses %s', (_, nodes, message) => {
    expectRefused(() => new Graph(tinyModel({ nodes })), 'model_invalid', message);
  });

  it('refuses an edit that makes a cycle', () => {
    const graph = new Graph(tinyModel({ nodes: NODES }));
    graph.setInputs(graph.producer('a')!, ['b']);
    expectRefused(() => graph.toModel(), 'model_invalid', 'without cycles');
  });

  it('refuses a model without a graph, and operator sets that it does not know', () => {
    const empty = create(ModelProtoSchema, { ...tinyModel({ nodes: NODES }), graph: undefined });
    expectRefused(() => new Graph(empty), 'model_invalid', 'expected a graph');
    expectRefused(() => new Graph(tinyModel({ nodes: NODES, opset: 23 })), 'model_invalid', 'found 23');
  });

  it('finds names that are new', () => {
    const graph = new Graph(tinyModel({ nodes: NODES }));
    expect([graph.freshName('n'), graph.freshName('n'), graph.freshName('a')]).toEqual(['n', 'n_1', 'a_1']);
  });

  it('replaces a value in the middle', async () => {
    const graph = new Graph(tinyModel({ nodes: NODES, channels: 1 }));
    graph.addNode('Abs', ['a'], ['c']);
    graph.replaceValue('b', 'c');
    expect(await outputs(graph.toModel())).toEqual({ y: [2, 4] });
  });

  it('replaces an output, and keeps its name', async () => {
    const graph = new Graph(tinyModel({ nodes: NODES, channels: 1 }));
    graph.addNode('Sub', ['b', 'a'], ['c']);
    graph.replaceValue('y', 'c');
    expect(await outputs(graph.toModel())).toEqual({ y: [-2, -4] });
  });

  it('does not let one value stand for two outputs', () => {
    const graph = new Graph(tinyModel({ nodes: NODES, outputs: ['y', 'b'] }));
    expectRefused(() => graph.replaceValue('y', 'b'), 'model_invalid', 'it is an output');
  });

  it('inserts behind a value, and behind an output that others read', async () => {
    const graph = new Graph(tinyModel({ nodes: NODES, channels: 1, outputs: ['y', 'a'] }));
    graph.insertBehind('a', (x) => graph.addNode('Neg', [x], ['n']).output[0]!);
    expect(await outputs(graph.toModel())).toEqual({ y: [0, 0], a: [-1, -2] });

    const middle = new Graph(tinyModel({ nodes: NODES, channels: 1 }));
    middle.insertBehind('b', (x) => middle.addNode('Neg', [x], ['n']).output[0]!);
    expect(await outputs(middle.toModel())).toEqual({ y: [2, 4] });
  });

  it('follows values into the branches of If', () => {
    const model = withIf();
    const graph = new Graph(model);
    expect(graph.consumers('a').map((node) => node.opType)).toEqual(['If']);
    graph.insertBehind('a', (x) => graph.addNode('Neg', [x], ['n']).output[0]!);
    const [branch] = graph.producer('y')!.attribute;
    expect(branch!.g!.node[0]!.input).toEqual(['n']);
    expect(graph.toModel().graph!.node.map((node) => node.opType)).toEqual(['Relu', 'Neg', 'If']);
    expect(model.graph!.node[1]!.attribute[0]!.g!.node[0]!.input).toEqual(['a']);
  });

  it('takes weights of old files from the inputs', async () => {
    const model = tinyModel({
      nodes: [{ op: 'Add', in: ['x', 'w'], out: ['y'] }],
      weights: [floatTensor('w', [1], [5])],
      channels: 1,
      irVersion: 3,
      opset: 8,
    });
    model.graph!.input.push(valueInfo('w', 1, [1]));
    const graph = new Graph(model);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    const edited = graph.toModel();
    expect([edited.irVersion, edited.graph!.input.length]).toEqual([4n, 1]);
    expect(await outputs(edited)).toEqual({ y: [6, 7] });
  });
});

/** Runs on the picture (1, 2). */
async function outputs(model: ModelProto): Promise<Record<string, number[]>> {
  const x = { ...randomMap(seeded(1), 1, 1, 1, 2), data: Float64Array.of(1, 2) };
  const found = await runModel(model, { x });
  return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, [...data]]));
}

function relu(input: string, output: string): TinyNode {
  return { op: 'Relu', in: [input], out: [output] };
}

function clone2(node: NodeProto): NodeProto {
  return { ...node };
}

/** x -> Relu -> a;  If(condition) then Abs(a) -> y. */
function withIf(): ModelProto {
  const model = tinyModel({ nodes: [relu('x', 'a'), { op: 'If', in: ['condition'], out: ['y'] }] });
  model.graph!.input.push(valueInfo('condition', 9, [1]));
  const branch = tinyModel({ nodes: [{ op: 'Abs', in: ['a'], out: ['then'] }], outputs: ['then'] }).graph!;
  model.graph!.node[1]!.attribute = [create(AttributeProtoSchema, { name: 'then_branch', g: branch })];
  return model;
}
