import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import type { NormSite } from '../../../../engine/model/graph/norm-site.js';
import { normSites, siteNamed } from '../../../../engine/model/graph/norm-sites.js';
import { readOnnx } from '../../../../engine/model/onnx/onnx-file.js';
import { floatTensor, intTensor } from '../../../../engine/model/onnx/tensor.js';
import { bnToGn } from '../../../../engine/model/passes/bn-to-gn.js';
import { bnToIbnA } from '../../../../engine/model/passes/bn-to-ibn-a.js';
import { bnToLn } from '../../../../engine/model/passes/bn-to-ln.js';
import { expectRefused } from '../graph-support/expect.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { FIRST, REFERENCE, TEACHER } from '../graph-support/real-models.js';
import { tinyModel, type TinyNode } from '../graph-support/tiny-model.js';

describe('normSites of a residual network', () => {
  const sites = normSites(new Graph(miniResnet({ blocks: [2, 1, 1, 1], kind: 'bottleneck' })));
  const find = (name: string) => siteNamed(sites, `BatchNormalization:${name}`);

  it('finds every norm, in the order of the network', () => {
    expect(sites).toHaveLength(1 + 5 * 3 + 4);
    expect(sites.every(({ kind }) => kind === 'batch')).toBe(true);
    expect(sites[0]).toEqual({
      name: 'BatchNormalization:bn1',
      kind: 'batch',
      channels: 2,
      partOf: undefined,
      groups: undefined,
      epsilon: Math.fround(1e-5),
      floatType: 'float32',
      stage: 'stem',
      input: 'conv1',
      output: 'bn1',
      conv: 'Conv:conv1',
      activation: 'Relu',
      block: undefined,
    });
  });

  it('counts positions along the body and the shortcut of each block', () => {
    const places = ['layer1.1.bn1', 'layer1.1.bn2', 'layer1.1.bn3', 'layer2.0.downsample.1'].map((name) => {
      const { block, activation } = find(name);
      return [block?.way, block?.position, activation];
    });
    expect(places).toEqual([
      ['body', 0, 'Relu'],
      ['body', 1, 'Relu'],
      ['body', 2, undefined],
      ['shortcut', 0, undefined],
    ]);
  });

  it('takes the stage from the block: its first norm may still be at the stride of the stage before', () => {
    const stages = ['layer1.0.bn1', 'layer2.0.bn1', 'layer3.0.bn1', 'layer4.0.bn1', 'layer4.0.bn3'].map(
      (name) => find(name).stage,
    );
    expect(stages).toEqual([1, 2, 3, 4, 4]);
  });

  it('tells both halves of IBN-a, at one position', () => {
    const { model } = bnToIbnA(miniResnet({ blocks: [1], kind: 'basic', width: 5 }));
    const halves = normSites(new Graph(model)).filter(({ partOf }) => partOf !== undefined);
    expect(halves).toMatchObject([
      {
        kind: 'instance',
        channels: 2,
        partOf: 5,
        conv: 'Conv:layer1.0.conv1',
        activation: 'Relu',
        block: { position: 0 },
      },
      {
        kind: 'batch',
        channels: 3,
        partOf: 5,
        conv: 'Conv:layer1.0.conv1',
        activation: 'Relu',
        block: { position: 0 },
      },
    ]);
  });

  it('tells group and layer norms that are spelled out', () => {
    const model = miniResnet({ blocks: [1], kind: 'basic', width: 6 });
    const sites = ['BatchNormalization:layer1.0.bn1'];
    const found = [bnToGn(model, { groups: 3, sites }), bnToLn(model, { sites })].map(
      (it) => normSites(new Graph(it.model))[1]!,
    );
    const place = {
      channels: 6,
      stage: 1,
      conv: 'Conv:layer1.0.conv1',
      activation: 'Relu',
      epsilon: Math.fround(1e-5),
    };
    expect(found).toMatchObject([
      { ...place, kind: 'group', groups: 3, block: { position: 0 } },
      { ...place, kind: 'layer', groups: 1, block: { position: 0 } },
    ]);
  });
});

describe('normSites of other norms', () => {
  const vectors = [floatTensor('g', [4], [1, 1, 1, 1]), floatTensor('b', [4], [0, 0, 0, 0])];

  it.each<[string, TinyNode, Partial<NormSite>]>([
    ['InstanceNormalization', norm('InstanceNormalization', { epsilon: 0.5 }), { kind: 'instance', epsilon: 0.5 }],
    ['GroupNormalization', norm('GroupNormalization', { num_groups: 2n }), { kind: 'group', groups: 2 }],
    ['GroupNormalization of one group', norm('GroupNormalization', { num_groups: 1n }), { kind: 'layer', groups: 1 }],
    ['LayerNormalization', norm('LayerNormalization', { axis: -1n }), { kind: 'layer', epsilon: 1e-5 }],
  ])('finds %s', (_, node, expected) => {
    const graph = new Graph(tinyModel({ nodes: [node], weights: vectors, channels: 4, opset: 21 }));
    expect(normSites(graph)).toMatchObject([{ channels: 4, input: 'x', output: 'y', stage: 'stem', ...expected }]);
  });

  it.each([
    [[1], 'layer'],
    [[2, 3], 'instance'],
  ])('finds moments over axes %j as %s norm', (axes, kind) => {
    const mean = { axes: axes.map(BigInt), keepdims: 1n };
    const nodes: TinyNode[] = [
      { op: 'ReduceMean', in: ['x'], out: ['m'], attributes: mean },
      { op: 'Sub', in: ['x', 'm'], out: ['d'] },
      { op: 'Pow', in: ['d', 'two'], out: ['s'] },
      { op: 'ReduceMean', in: ['s'], out: ['v'], attributes: mean },
      { op: 'Add', in: ['v', 'eps'], out: ['ve'] },
      { op: 'Sqrt', in: ['ve'], out: ['r'] },
      { op: 'Div', in: ['d', 'r'], out: ['n'] },
      { op: 'Mul', in: ['gain', 'n'], out: ['ng'] },
      { op: 'Add', in: ['ng', 'shift'], out: ['y'] },
    ];
    const weights = [
      ...[floatTensor('two', [], [2]), floatTensor('eps', [], [0.5])],
      ...[floatTensor('gain', [4, 1, 1], [1, 1, 1, 1]), floatTensor('shift', [4, 1, 1], [0, 0, 0, 0])],
    ];
    const sites = normSites(new Graph(tinyModel({ nodes, weights, channels: 4 })));
    expect(sites).toMatchObject([{ kind, channels: 4, epsilon: 0.5, input: 'x', output: 'y', name: 'Div:n' }]);
  });

  it('does not take other divisions, or norms with computed vectors, for sites', () => {
    const nodes: TinyNode[] = [
      { op: 'Div', in: ['x', 'g'], out: ['d'] },
      { op: 'Shape', in: ['x'], out: ['s'] },
      { op: 'Cast', in: ['s'], out: ['computed'], attributes: { to: 1n } },
      { op: 'InstanceNormalization', in: ['d', 'computed', 'computed'], out: ['y'] },
    ];
    expect(normSites(new Graph(tinyModel({ nodes, weights: vectors, channels: 4 })))).toEqual([]);
  });

  it('finds convolutions with bias and no norm as folded, but not those of a squeeze-and-excitation', () => {
    const nodes: TinyNode[] = [
      { op: 'Conv', in: ['x', 'w', 'b'], out: ['c'], attributes: { strides: [4n, 4n] } },
      { op: 'GlobalAveragePool', in: ['c'], out: ['p'] },
      { op: 'Conv', in: ['p', 'w', 'b'], out: ['q'] },
      { op: 'Sigmoid', in: ['q'], out: ['gate'] },
      { op: 'Mul', in: ['c', 'gate'], out: ['m'] },
      { op: 'Sigmoid', in: ['m'], out: ['z'] },
      { op: 'Mul', in: ['m', 'z'], out: ['y'] },
    ];
    const weights = [floatTensor('w', [4, 4, 1, 1], Array<number>(16).fill(1)), vectors[1]!];
    const sites = normSites(new Graph(tinyModel({ nodes, weights, channels: 4 })));
    expect(sites).toMatchObject([{ name: 'Conv:c', kind: 'folded', stage: 1, channels: 4, input: 'c', output: 'c' }]);
  });

  it('tells SiLU from its gate, and names sites apart whose nodes share a name', () => {
    const nodes: TinyNode[] = [
      { op: 'InstanceNormalization', in: ['x', 'g', 'b'], out: ['a'] },
      { op: 'Sigmoid', in: ['a'], out: ['s'] },
      { op: 'Mul', in: ['a', 's'], out: ['m'] },
      { op: 'InstanceNormalization', in: ['m', 'g', 'b'], out: ['y'] },
    ];
    const model = tinyModel({ nodes, weights: vectors, channels: 4 });
    for (const node of model.graph!.node) node.name = 'n';
    const sites = normSites(new Graph(model));
    expect(sites.map(({ name, activation }) => [name, activation])).toEqual([
      ['a', 'Silu'],
      ['y', undefined],
    ]);
  });

  function norm(op: string, attributes: NonNullable<TinyNode['attributes']>): TinyNode {
    return { op, in: ['x', 'g', 'b'], out: ['y'], attributes };
  }
});

describe('siteNamed', () => {
  it('says which sites there are', () => {
    const sites = normSites(new Graph(miniResnet({ blocks: [1, 1], kind: 'basic' })));
    expectRefused(() => siteNamed(sites, 'bn'), 'invalid_request', 'got bn; it has BatchNormalization:bn1, ');
    expectRefused(() => siteNamed([], 'bn'), 'invalid_request', 'it has none');
  });
});

describe('strides', () => {
  it.each<[string, TinyNode[], NormSite['stage']]>([
    [
      'a transposed convolution',
      [conv('x', 8), { op: 'ConvTranspose', in: ['c', 'w'], out: ['v'], attributes: two() }],
      1,
    ],
    [
      'a pool',
      [conv('x', 4), { op: 'AveragePool', in: ['c'], out: ['v'], attributes: { ...two(), kernel_shape: [2n, 2n] } }],
      2,
    ],
    ['a slice with steps', [conv('x', 8), { op: 'Slice', in: ['c', 'zero', 'end', 'axis', 'step'], out: ['v'] }], 3],
    ['a resize', [conv('x', 16), { op: 'Resize', in: ['c', '', 'scales'], out: ['v'] }], 2],
    ['a concatenation', [conv('x', 32), { op: 'Concat', in: ['c', 'c'], out: ['v'], attributes: { axis: 1n } }], 4],
    ['a linear layer', [conv('x', 8), { op: 'MatMul', in: ['c', 'matrix'], out: ['v'] }], 2],
    [
      'a mean over channels',
      [conv('x', 4), { op: 'ReduceMean', in: ['c'], out: ['v'], attributes: { axes: [1n] } }],
      1,
    ],
    [
      'a mean over the map',
      [conv('x', 4), { op: 'ReduceMean', in: ['c'], out: ['v'], attributes: { axes: [2n, 3n] } }],
      undefined,
    ],
    [
      'a shape',
      [
        { op: 'Shape', in: ['x'], out: ['s'] },
        { op: 'Cast', in: ['s'], out: ['v'], attributes: { to: 1n } },
      ],
      undefined,
    ],
  ])('are followed through %s', (_, nodes, stage) => {
    const weights = [
      ...[floatTensor('w', [4, 4, 1, 1], Array<number>(16).fill(1)), floatTensor('g', [4], [1, 1, 1, 1])],
      ...[
        intTensor('zero', [1], [0]),
        intTensor('end', [1], [99]),
        intTensor('axis', [1], [2]),
        intTensor('step', [1], [2]),
      ],
      ...[floatTensor('scales', [4], [1, 1, 2, 2]), floatTensor('matrix', [4, 4], Array<number>(16).fill(1))],
    ];
    const norm = { op: 'InstanceNormalization', in: ['v', 'g', 'g'], out: ['y'] };
    const [site] = normSites(new Graph(tinyModel({ nodes: [...nodes, norm], weights, channels: 4 })));
    expect(site?.stage).toBe(stage);
  });

  function two() {
    return { strides: [2n, 2n] };
  }

  function conv(input: string, stride: number): TinyNode {
    return { op: 'Conv', in: [input, 'w'], out: ['c'], attributes: { strides: [BigInt(stride), BigInt(stride)] } };
  }
});

describe.each([FIRST, TEACHER, REFERENCE])('normSites of $name', ({ name, path }) => {
  it.skipIf(!existsSync(path))('finds what its description says', () => {
    const sites = normSites(new Graph(readOnnx(readFileSync(path))));
    expect(summary(sites)).toEqual(REAL[name]);
  });

  if (!existsSync(path)) console.log(`skipped: ${path} is not here`);
});

/** What the descriptions of the networks say: sites of each kind by stage, stem first. */
const REAL: Record<string, Record<string, number[]>> = {
  // one instance norm (half of IBN-a) for each of 2+2+2 blocks; stage 4 and stem without
  first: { batch: [2, 4, 5, 5, 6], instance: [0, 2, 2, 2, 0] },
  // EfficientNet-B4: 2, 4, 4, 6 + 6, 8 and 1 blocks; the first norm of a stage is still at the stride before
  teacher: { batch: [6, 12, 12, 36, 27] },
  // MobileNetV2: 1, 2, 3, 4 + 3, 3 and 1 blocks, likewise
  reference: { folded: [4, 6, 9, 21, 12] },
};

function summary(sites: readonly NormSite[]): Record<string, number[]> {
  const stages = ['stem', 1, 2, 3, 4];
  const kinds = [...new Set(sites.map(({ kind }) => kind))];
  const count = (kind: string, stage: unknown) => sites.filter((it) => it.kind === kind && it.stage === stage).length;
  return Object.fromEntries(kinds.map((kind) => [kind, stages.map((stage) => count(kind, stage))]));
}
