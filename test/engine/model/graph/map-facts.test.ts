import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { mapFacts } from '../../../../engine/model/graph/map-facts.js';
import { residualBlocks } from '../../../../engine/model/graph/residual-blocks.js';
import { floatTensor, intTensor } from '../../../../engine/model/onnx/tensor.js';
import { tinyModel, type TinyNode } from '../graph-support/tiny-model.js';

const WEIGHTS = [
  floatTensor('w', [6, 4, 3, 3], new Float32Array(216)),
  floatTensor('wt', [4, 3, 2, 2], new Float32Array(48)),
  floatTensor('matrix', [4, 5], new Float32Array(20)),
  intTensor('sizes', [2], [1, 3]),
  intTensor('zero', [1], [0]),
  intTensor('two', [1], [2]),
  intTensor('one', [1], [1]),
];

describe('mapFacts', () => {
  it.each<[string, TinyNode, { channels?: number | undefined; stride?: number; floatType?: string } | undefined]>([
    [
      'a convolution',
      { op: 'Conv', in: ['x', 'w'], out: ['y'], attributes: { strides: [2n, 2n] } },
      { channels: 6, stride: 2 },
    ],
    [
      'a transposed one of two groups',
      { op: 'ConvTranspose', in: ['x', 'wt'], out: ['y'], attributes: { group: 2n, strides: [2n, 2n] } },
      { channels: 6, stride: 0.5 },
    ],
    ['a split by an input', split({ axis: 1n }, ['x', 'sizes']), { channels: 3 }],
    ['a split by an attribute', split({ axis: 1n, split: [3n, 1n] }, ['x']), { channels: 1 }],
    ['an even split', split({ axis: 1n }, ['x']), { channels: 2 }],
    [
      'a slice of channels',
      { op: 'Slice', in: ['x', 'zero', 'two', 'one'], out: ['y'] },
      { channels: undefined, stride: 1 },
    ],
    ['a concatenation', { op: 'Concat', in: ['x', 'x'], out: ['y'], attributes: { axis: 1n } }, { channels: 8 }],
    ['a linear layer', { op: 'MatMul', in: ['x', 'matrix'], out: ['y'] }, { channels: 5 }],
    ['a pool over all', { op: 'GlobalAveragePool', in: ['x'], out: ['y'] }, { channels: 4, stride: Infinity }],
    ['a cast', { op: 'Cast', in: ['x'], out: ['y'], attributes: { to: 10n } }, { channels: 4, floatType: 'float16' }],
    ['a cast to integers', { op: 'Cast', in: ['x'], out: ['y'], attributes: { to: 7n } }, undefined],
    ['a shape', { op: 'Shape', in: ['x'], out: ['y'] }, undefined],
    ['a reshape', { op: 'Reshape', in: ['x', 'sizes'], out: ['y'] }, undefined],
  ])('follows %s', (_, node, expected) => {
    const facts = mapFacts(new Graph(tinyModel({ nodes: [node], weights: WEIGHTS, channels: 4 }))).get('y');
    if (expected === undefined) expect(facts).toBeUndefined();
    else expect(facts).toMatchObject(expected);
  });

  function split(attributes: NonNullable<TinyNode['attributes']>, inputs: string[]): TinyNode {
    return { op: 'Split', in: inputs, out: ['first', 'y'], attributes };
  }
});

describe('residualBlocks', () => {
  it('takes the addition of a decoder for none: what it joins was made coarser in between', () => {
    const nodes: TinyNode[] = [
      { op: 'Conv', in: ['x', 'square'], out: ['c'], attributes: { strides: [2n, 2n] } },
      { op: 'Upsample', in: ['c', 'scales'], out: ['u'] },
      { op: 'Add', in: ['u', 'x'], out: ['y'] },
    ];
    const weights = [
      floatTensor('square', [4, 4, 1, 1], new Float32Array(16)),
      floatTensor('scales', [4], [1, 1, 2, 2]),
    ];
    const graph = new Graph(tinyModel({ nodes, weights, channels: 4, opset: 9 }));
    const facts = mapFacts(graph);
    expect(facts.get('u')?.stride).toBe(1);
    expect(residualBlocks(graph, facts)).toEqual([]);
  });

  it('takes the way with the convolution for the body, whichever side it is added on', () => {
    const weights = [floatTensor('square', [4, 4, 1, 1], new Float32Array(16))];
    const conv: TinyNode = { op: 'Conv', in: ['x', 'square'], out: ['c'] };
    for (const inputs of [
      ['c', 'x'],
      ['x', 'c'],
    ]) {
      const nodes = [conv, { op: 'Add', in: inputs, out: ['y'] }];
      const graph = new Graph(tinyModel({ nodes, weights, channels: 4 }));
      expect(residualBlocks(graph, mapFacts(graph))).toEqual([
        { input: 'x', output: 'y', stride: 1, body: new Set(['c']), shortcut: new Set() },
      ]);
    }
  });

  it('takes a constant that both ways read for no fork', () => {
    const weights = [floatTensor('square', [4, 4, 1, 1], new Float32Array(16)), floatTensor('stored', [], [0])];
    const nodes: TinyNode[] = [
      { op: 'Relu', in: ['x'], out: ['r'] },
      { op: 'Identity', in: ['stored'], out: ['zero'] },
      { op: 'Conv', in: ['r', 'square'], out: ['c'] },
      { op: 'Clip', in: ['c', 'zero'], out: ['body'] },
      { op: 'Clip', in: ['r', 'zero'], out: ['shortcut'] },
      { op: 'Add', in: ['body', 'shortcut'], out: ['y'] },
    ];
    const graph = new Graph(tinyModel({ nodes, weights, channels: 4 }));
    expect(residualBlocks(graph, mapFacts(graph))).toMatchObject([{ input: 'r', body: new Set(['c', 'body']) }]);
  });

  it('takes no addition of a weight, and none of a map to itself, for a block', () => {
    const weights = [floatTensor('bias', [4, 1, 1], new Float32Array(4))];
    const nodes = [
      { op: 'Add', in: ['x', 'bias'], out: ['a'] },
      { op: 'Add', in: ['a', 'a'], out: ['y'] },
    ];
    const graph = new Graph(tinyModel({ nodes, weights, channels: 4 }));
    expect(residualBlocks(graph, mapFacts(graph))).toEqual([]);
  });
});
