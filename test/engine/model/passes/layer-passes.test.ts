/** The passes that rewrite weights, layers or outputs: fold-weight-norm, cosine, dynamic-ln, pooling, outputs, storage. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor, intTensor } from '../../../../engine/model/onnx/tensor.js';
import { cosine } from '../../../../engine/model/passes/cosine.js';
import { dynamicLn } from '../../../../engine/model/passes/dynamic-ln.js';
import { exposeFeatureMap } from '../../../../engine/model/passes/expose-feature-map.js';
import { foldWeightNorm } from '../../../../engine/model/passes/fold-weight-norm.js';
import { poolInGraph } from '../../../../engine/model/passes/pool-in-graph.js';
import { weightStorage } from '../../../../engine/model/passes/weight-storage.js';
import { expectClose, expectMap, expectRefused } from '../graph-support/expect.js';
import { loneNorm, SITE } from '../graph-support/lone-norm.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { randomModel } from '../graph-support/random-model.js';
import { randomMap, randomValues, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, type TinyNode } from '../graph-support/tiny-model.js';
import { conv, dynamicLayerNorm, gem, mapValues } from '../reference-ops.js';

const RUNS = { numRuns: 20 };
const random = seeded(21);

describe('foldWeightNorm', () => {
  const v = randomValues(random, 4 * 3 * 9);
  const g = randomValues(random, 4, 0.5, 2);
  const length = { op: 'ReduceL2', in: ['v'], out: ['l'], attributes: { axes: [1n, 2n, 3n], keepdims: 1n } };
  const layer = { op: 'Conv', in: ['x', 'w', 'b'], out: ['y'], attributes: { kernel_shape: [3n, 3n] } };

  it.each<[string, TinyNode[]]>([
    ['(v / |v|) g', [divide('v', 'l', 'd'), multiply('d', 'g', 'w')]],
    ['g (v / |v|)', [divide('v', 'l', 'd'), multiply('g', 'd', 'w')]],
    ['v (g / |v|)', [divide('g', 'l', 'd'), multiply('v', 'd', 'w')]],
  ])('folds %s', async (_, nodes) => {
    const model = normed(nodes, v);
    const { model: folded, provenance } = foldWeightNorm(model);
    expect(folded.graph!.node.map((it) => it.opType)).toEqual(['Conv']);
    expect(provenance.sites).toEqual(['Conv:y']);
    const x = randomMap(random, 2, 3, 5, 4);
    const w = v.map(
      (it, i) => (it * g[Math.floor(i / 27)]!) / norm(v.subarray(27 * Math.floor(i / 27)).subarray(0, 27)),
    );
    const shape = { outputs: 4, kernel: 3, stride: 1, pad: 0, groups: 1 };
    const expected = conv(x, w, [1, 2, 3, 4], shape);
    expectMap((await runModel(model, { x })).y, expected);
    expectMap((await runModel(folded, { x })).y, expected);
  });

  it('refuses a direction of length 0, lengths that do not fit, and networks without any', () => {
    const nodes = [divide('v', 'l', 'd'), multiply('d', 'g', 'w')];
    const zeroRow = v.map((it, i) => (i >= 27 && i < 54 ? 0 : it));
    expectRefused(() => foldWeightNorm(normed(nodes, zeroRow)), 'model_invalid', 'no direction of length 0');
    expectRefused(() => foldWeightNorm(normed(nodes, v, 3)), 'model_invalid', 'expected 4 lengths, found 3');
    expectRefused(() => foldWeightNorm(miniResnet({ blocks: [1], kind: 'basic' })), 'invalid_request', 'found none');
  });

  function normed(nodes: TinyNode[], direction: Float32Array, gains = 4): ModelProto {
    const weights = [
      floatTensor('v', [4, 3, 3, 3], direction),
      floatTensor('g', [gains, 1, 1, 1], g.subarray(0, gains)),
      floatTensor('b', [4], [1, 2, 3, 4]),
    ];
    return tinyModel({ nodes: [length, ...nodes, layer], weights });
  }
});

describe('cosine', () => {
  it.each([1, 2, 4])('bounds a convolution of %i groups by its lengths', async (groups) => {
    const shape = { outputs: 4, kernel: 3, stride: 2, pad: 1, groups };
    const row = (4 / groups) * 9;
    const w = randomValues(random, 4 * row).map((it, i) => (i < row ? 0 : it)); // its first row has length 0
    const [k, s, p] = [3n, 2n, 1n];
    const attributes = { kernel_shape: [k, k], strides: [s, s], pads: [p, p, p, p], group: BigInt(groups) };
    const model = tinyModel({
      channels: 4,
      nodes: [{ op: 'Conv', in: ['x', 'w', 'b'], out: ['y'], attributes }],
      weights: [floatTensor('w', [4, 4 / groups, 3, 3], w), floatTensor('b', [4], [9, 9, 9, 9])],
    });
    const x = randomMap(random, 2, 4, 6, 5);
    x.data.fill(0, 0, 4 * 30); // and so has the whole first picture
    const lengths = conv({ ...x, data: x.data.map((it) => it * it) }, new Float64Array(4 * row).fill(1), [], shape);
    const expected = mapValues(conv(x, w, [], shape), (value, n, c, pixel) => {
      const patch = Math.sqrt(lengths.data[(n * 4 + c) * lengths.h * lengths.w + pixel]!);
      return value / (norm(w.subarray(c * row, (c + 1) * row)) * patch) || 0;
    });
    const { y } = await runModel(cosine(model, { nodes: ['Conv:y'] }).model, { x });
    expectMap(y, expected);
    expect(Math.max(...y!.data.map(Math.abs))).toBeLessThanOrEqual(1.00001);
  });

  it.each([0n, 1n])('bounds a Gemm with transB = %i', async (transB) => {
    const w = randomValues(random, 15);
    const model = tinyModel({
      nodes: [
        { op: 'Flatten', in: ['x'], out: ['f'] },
        { op: 'Gemm', in: ['f', 'w'], out: ['y'], attributes: { transB, alpha: 3 } },
      ],
      weights: [floatTensor('w', transB === 1n ? [5, 3] : [3, 5], w)],
    });
    const x = randomMap(random, 2, 3, 1, 1);
    const rowOf = (o: number) => Array.from({ length: 3 }, (_, i) => w[transB === 1n ? o * 3 + i : i * 5 + o]!);
    const expected = Array.from({ length: 10 }, (_, i) => {
      const [features, row] = [x.data.subarray(3 * Math.floor(i / 5)).subarray(0, 3), rowOf(i % 5)];
      return row.reduce((sum, it, j) => sum + it * features[j]!, 0) / (norm(row) * norm(features));
    });
    expectClose((await runModel(cosine(model, { nodes: ['Gemm:y'] }).model, { x })).y!.data, expected);
  });

  it('refuses other nodes and integer weights', () => {
    const resnet = miniResnet({ blocks: [1], kind: 'basic' });
    expectRefused(() => cosine(resnet, { nodes: ['Relu:value2'] }), 'invalid_request', 'got Relu:value2 (Relu)');
    expectRefused(() => cosine(resnet, { nodes: ['conv9'] }), 'invalid_request', 'got conv9 (no node)');
    const weights = [intTensor('w', [1, 3, 1, 1], [1, 1, 1])];
    const integer = tinyModel({ nodes: [{ op: 'Conv', in: ['x', 'w'], out: ['y'] }], weights });
    expectRefused(() => cosine(integer, { nodes: ['Conv:y'] }), 'model_invalid', 'floating-point');
  });
});

describe('dynamicLn', () => {
  it('gives the numbers of the formula', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), fc.integer({ min: 1, max: 3 }), async ({ model, x, affine, random: next }, d) => {
        const map = (outputs: number, inputs: number) => ({
          weight: randomValues(next, outputs * inputs),
          bias: randomValues(next, outputs),
        });
        const matrices = { summary: map(d, x.c), gain: map(x.c, d), shift: map(x.c, d) };
        const after = dynamicLn(model, { [SITE]: matrices }).model;
        expectMap((await runModel(after, { x })).y, dynamicLayerNorm(x, matrices, affine.epsilon));
      }),
      RUNS,
    );
  });

  it('refuses matrices that do not fit', () => {
    const [lone] = fc.sample(loneNorm(fc.constant(2)), { numRuns: 1, seed: 3 });
    const linear = { weight: [1, 1], bias: [1] };
    const wrong = { summary: linear, gain: linear, shift: linear };
    expectRefused(
      () => dynamicLn(lone!.model, { [SITE]: wrong }),
      'invalid_request',
      'expected gain [2,1] and bias [2]',
    );
    expectRefused(() => dynamicLn(lone!.model, {}), 'invalid_request', 'at least one site');
  });
});

describe('poolInGraph', () => {
  it('gives the generalised mean of the last map', async () => {
    await fc.assert(
      fc.asyncProperty(randomModel(), fc.constantFrom(1, 2.5, 3), async ({ model, x }, p) => {
        const output = model.graph!.output[0]!.name;
        const map = (await runModel(model, { x }))[output]!;
        const pooled = await runModel(poolInGraph(model, { p, eps: 1e-3 }).model, { x });
        const [n = 0, c = 0, h = 0, w = 0] = map.dims;
        expect(Object.keys(pooled)).toEqual(['pooled']);
        expect(pooled.pooled!.dims).toEqual([n, c]);
        expectClose(pooled.pooled!.data, gem({ n, c, h, w, data: Float64Array.from(map.data) }, p, 1e-3));
      }),
      RUNS,
    );
  });

  it('keeps the map as asked, and refuses what is no map or a name that is taken', async () => {
    const model = miniResnet({ blocks: [1], kind: 'basic' });
    const map = model.graph!.output[0]!.name;
    const both = poolInGraph(model, { keepMap: true, name: 'vector' }).model;
    expect(Object.keys(await runModel(both, { x: randomMap(random, 1, 3, 8, 8) }))).toEqual([map, 'vector']);
    expectRefused(() => poolInGraph(model, { output: 'bn1' }), 'invalid_request', 'got bn1');
    expectRefused(() => poolInGraph(model, { name: 'bn1' }), 'invalid_request', 'no value bn1');
    expectRefused(() => poolInGraph(model, { p: 0 }), 'invalid_request', 'p');
    const pooled = poolInGraph(model).model;
    expectRefused(
      () => poolInGraph(pooled, { name: 'again' }),
      'invalid_request',
      'an output that is a map, got pooled',
    );
  });
});

describe('exposeFeatureMap', () => {
  const model = miniResnet({ blocks: [2, 1, 1, 1], kind: 'bottleneck' });
  const x = randomMap(random, 1, 3, 64, 64);

  it.each([
    [1, 16, 8],
    [3, 4, 32],
  ] as const)('gives the last map of stage %i beside the output', async (at, side, channels) => {
    const { model: after, provenance } = exposeFeatureMap(model, { at, name: 'middle' });
    const [before, outputs] = [await runModel(model, { x }), await runModel(after, { x })];
    const [output] = Object.keys(before);
    expect(outputs[output!]).toEqual(before[output!]);
    expect(outputs.middle!.dims).toEqual([1, channels, side, side]);
    expect(Math.min(...outputs.middle!.data)).toBe(0); // behind the activation
    const operators = model.graph!.node.find((it) => it.output.includes(provenance.sites[0]!))?.opType;
    expect(operators).toBe('Relu');
  });

  it('gives the last map of a stage without residual blocks', async () => {
    const { model: after, provenance } = exposeFeatureMap(model, { at: 'stem' });
    const value = provenance.sites[0]!;
    expect((await runModel(after, { x }))[value]!.dims).toEqual([1, 2, 32, 32]);
  });

  it('gives a value by name, and refuses others and names that are taken', async () => {
    const after = exposeFeatureMap(model, { at: 'layer1.0.bn1' }).model;
    expect((await runModel(after, { x }))['layer1.0.bn1']!.dims).toEqual([1, 2, 16, 16]);
    expectRefused(() => exposeFeatureMap(model, { at: 'layer9' }), 'invalid_request', 'got layer9');
    expectRefused(() => exposeFeatureMap(after, { at: 'layer1.0.bn1' }), 'invalid_request', 'no output layer1.0.bn1');
    expectRefused(() => exposeFeatureMap(model, { at: 1, name: 'bn1' }), 'invalid_request', 'no value bn1');
    const shallow = miniResnet({ blocks: [1], kind: 'basic' });
    expectRefused(() => exposeFeatureMap(shallow, { at: 3 }), 'invalid_request', 'maps of stage 3');
  });
});

describe('weightStorage', () => {
  it('halves the weights and gives them back', async () => {
    const model = miniResnet({ blocks: [1, 1], kind: 'basic', width: 3 });
    const half = weightStorage(model, { storage: 'float16' }).model;
    const whole = weightStorage(half, { storage: 'float32' }).model;
    expect(typesOfWeights(half)).toEqual(new Set([10]));
    expect(typesOfWeights(whole)).toEqual(new Set([1]));
    const x = randomMap(random, 1, 3, 16, 16);
    const [full, ...rest] = await Promise.all(
      [model, half, whole].map(async (it) => Object.values(await runModel(it, { x }))),
    );
    for (const outputs of rest) expectClose(outputs[0]!.data, full![0]!.data, 5e-3);
    expect(rest[1]![0]!.data).toEqual(rest[0]![0]!.data);
  });

  it('stores a weight that two layers share once', () => {
    const nodes = [
      { op: 'Conv', in: ['x', 'w'], out: ['c'] },
      { op: 'Conv', in: ['c', 'w'], out: ['y'] },
    ];
    const model = tinyModel({ nodes, weights: [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9))] });
    expect(weightStorage(model, { storage: 'float16' }).model.graph!.initializer).toHaveLength(1);
  });

  it('refuses weights that do not fit, and to do nothing', () => {
    const nodes = [{ op: 'Conv', in: ['x', 'w'], out: ['y'] }];
    const model = tinyModel({ nodes, weights: [floatTensor('w', [1, 3, 1, 1], [1, 1, 70_000])] });
    expectRefused(() => weightStorage(model, { storage: 'float16' }), 'invalid_request', 'found larger ones in w');
    expectRefused(() => weightStorage(model, { storage: 'float32' }), 'invalid_request', 'found none');
  });

  function typesOfWeights(model: ModelProto): Set<number> {
    return new Set(model.graph!.initializer.filter(({ dims }) => dims.length === 4).map((it) => it.dataType));
  }
});

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, it) => sum + it * it, 0));
}

function divide(a: string, b: string, out: string): TinyNode {
  return { op: 'Div', in: [a, b], out: [out] };
}

function multiply(a: string, b: string, out: string): TinyNode {
  return { op: 'Mul', in: [a, b], out: [out] };
}
