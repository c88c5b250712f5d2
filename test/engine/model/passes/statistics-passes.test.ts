/** The passes that work with measured statistics: adapt, unfold, add-ibn-b, conditional-bn. */
import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { normSites } from '../../../../engine/model/graph/norm-sites.js';
import type { ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { adapt } from '../../../../engine/model/passes/adapt.js';
import { addIbnB } from '../../../../engine/model/passes/add-ibn-b.js';
import { bnToIn } from '../../../../engine/model/passes/bn-to-in.js';
import { conditionalBn } from '../../../../engine/model/passes/conditional-bn.js';
import { mix } from '../../../../engine/model/passes/mix.js';
import { unfold } from '../../../../engine/model/passes/unfold.js';
import { expectClose, expectMap, expectRefused } from '../graph-support/expect.js';
import { loneNorm, SITE } from '../graph-support/lone-norm.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { randomMap, randomValues, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, vector, type TinyNode } from '../graph-support/tiny-model.js';
import { add, batchNorm, channelMoments, conv, instanceNorm, mixNorm, relu, type Nchw } from '../reference-ops.js';

const RUNS = { numRuns: 20 };

describe('adapt', () => {
  it('gives batch normalisation with the new statistics', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), async ({ model, x, affine }) => {
        const statistics = channelMoments(x);
        const { model: adapted, provenance } = adapt(model, { statistics: { [SITE]: statistics } });
        expectMap((await runModel(adapted, { x })).y, batchNorm(x, affine, statistics));
        expect(provenance).toMatchObject({ pass: 'adapt', sites: [SITE] });
      }),
      RUNS,
    );
  });

  it('leaves a site alone that shares the vectors of the adapted one', async () => {
    const vectors = ['ones', 'zeros', 'zeros', 'ones'];
    const model = tinyModel({
      channels: 1,
      nodes: [
        { op: 'BatchNormalization', in: ['x', ...vectors], out: ['a'], attributes: { epsilon: 0 } },
        { op: 'BatchNormalization', in: ['a', ...vectors], out: ['y'], attributes: { epsilon: 0 } },
      ],
      weights: [floatTensor('ones', [1], [1]), floatTensor('zeros', [1], [0])],
    });
    const adapted = adapt(model, { statistics: { 'BatchNormalization:a': { mean: [1], variance: [4] } } }).model;
    const x = { n: 1, c: 1, h: 1, w: 2, data: Float64Array.of(3, 5) };
    expect([...(await runModel(adapted, { x })).y!.data]).toEqual([1, 2]);
  });

  it.each([
    ['no site', {}, 'at least one site'],
    ['a site that is not there', { bn7: { mean: [0], variance: [1] } }, 'got bn7'],
    ['too many values', { [SITE]: { mean: [0, 0, 0], variance: [1, 1] } }, 'expected 2 values of mean, got 3'],
    ['a negative variance', { [SITE]: { mean: [0, 0], variance: [1, -1] } }, 'got -1'],
    ['what is no number', { [SITE]: { mean: [0, NaN], variance: [1, 1] } }, 'got NaN'],
  ])('refuses statistics of %s', (_, statistics, message) => {
    const [norm] = fc.sample(loneNorm(fc.constant(2)), { numRuns: 1, seed: 3 });
    expectRefused(() => adapt(norm!.model, { statistics }), 'invalid_request', message);
  });
});

describe('unfold', () => {
  const shape = { outputs: 5, kernel: 3, stride: 1, pad: 1, groups: 1 };
  const random = seeded(11);
  const [weight, bias] = [randomValues(random, 5 * 3 * 9), randomValues(random, 5)];
  const x = randomMap(random, 2, 3, 6, 5);
  const y = conv(x, weight, bias, shape);
  const statistics = channelMoments(y);
  const matched = {
    scale: statistics.variance.map((it) => Math.sqrt(it + 1e-5)),
    bias: statistics.mean,
    epsilon: 1e-5,
  };

  it.each([['y'], ['c']])('changes nothing by itself, where the convolution gives %s', async (output) => {
    const { model } = unfold(folded(output), { statistics: { [`Conv:${output}`]: statistics } });
    expectMap((await runModel(model, { x })).y, output === 'y' ? y : relu(y));
    expect(normSites(new Graph(model)).map((site) => site.kind)).toEqual(['batch']);
  });

  it('lets instance normalisation, mixing and adapting work on a folded network', async () => {
    const { model } = unfold(folded('y'), { statistics: { 'Conv:y': statistics } });
    expectMap((await runModel(bnToIn(model).model, { x })).y, instanceNorm(y, matched));

    const mixed = await runModel(mix(model).model, { x, runWeight: vector([0.7]) });
    expectMap(mixed.y, mixNorm(y, matched, statistics, 0.7));

    const target = channelMoments(conv(randomMap(random, 3, 3, 6, 5), weight, bias, shape));
    const site = normSites(new Graph(model))[0]!.name;
    const adapted = await runModel(adapt(model, { statistics: { [site]: target } }).model, { x });
    expectMap(adapted.y, batchNorm(y, matched, target));
  });

  it('refuses a site that has a norm', () => {
    const [norm] = fc.sample(loneNorm(fc.constant(2)), { numRuns: 1, seed: 3 });
    const request = { statistics: { [SITE]: { mean: [0, 0], variance: [1, 1] } } };
    expectRefused(() => unfold(norm!.model, request), 'invalid_request', 'found kind batch');
  });

  function folded(output: string): ModelProto {
    const nodes: TinyNode[] = [
      {
        op: 'Conv',
        in: ['x', 'w', 'b'],
        out: [output],
        attributes: { pads: [1n, 1n, 1n, 1n], kernel_shape: [3n, 3n] },
      },
      ...(output === 'y' ? [] : [{ op: 'Relu', in: [output], out: ['y'] }]),
    ];
    return tinyModel({ nodes, weights: [floatTensor('w', [5, 3, 3, 3], weight), floatTensor('b', [5], bias)] });
  }
});

describe('addIbnB', () => {
  /** x -> Conv of stride 4 -> c;  Relu(Conv 1x1(c) + c) twice. */
  const random = seeded(5);
  const stemWeight = randomValues(random, 2 * 3 * 16);
  const blockWeights = [randomValues(random, 4), randomValues(random, 4)];
  const point = { outputs: 2, kernel: 1, stride: 1, pad: 0, groups: 1 };
  const x = randomMap(random, 2, 3, 16, 12);
  const stem = conv(x, stemWeight, [], { outputs: 2, kernel: 4, stride: 4, pad: 0, groups: 1 });
  const first = relu(add(conv(stem, blockWeights[0]!, [], point), stem));
  const sum = add(conv(first, blockWeights[1]!, [], point), first);

  it('norms the last sum of a stage, before its activation', async () => {
    const { model, provenance } = addIbnB(twoBlocks(), { stages: [1] });
    const unit = { scale: [1, 1], bias: [0, 0], epsilon: 1e-5 };
    expectMap((await runModel(model, { x })).y, relu(instanceNorm(sum, unit)));
    expect(provenance.sites).toHaveLength(1);
    expect(normSites(new Graph(model))).toMatchObject([
      {
        name: provenance.sites[0],
        kind: 'instance',
        stage: 1,
        channels: 2,
        activation: 'Relu',
        block: { way: 'after' },
      },
    ]);
  });

  it('keeps mean and spread of each channel with the statistics of the sums', async () => {
    const statistics = channelMoments(sum);
    const { model } = addIbnB(twoBlocks(), { stages: [1] }, { 1: statistics });
    const scale = statistics.variance.map((it) => Math.sqrt(it + 1e-5));
    const expected = relu(instanceNorm(sum, { scale, bias: statistics.mean, epsilon: 1e-5 }));
    expectMap((await runModel(model, { x })).y, expected);
  });

  it('adds exactly two norms to a ResNet-50; with that of the stem, IBN-Net b has three', () => {
    const { model, provenance } = addIbnB(miniResnet({ blocks: [3, 4, 6, 3], kind: 'bottleneck' }));
    const whole = bnToIn(model, { stages: ['stem'] }).model;
    const norms = normSites(new Graph(whole)).filter(({ kind }) => kind === 'instance');
    expect(norms.map(({ stage, channels }) => [stage, channels])).toEqual([
      ['stem', 2],
      [1, 8],
      [2, 16],
    ]);
    expect(provenance.sites).toEqual(norms.slice(1).map(({ name }) => name));
  });

  it('refuses a stage without residual blocks, a second norm, and statistics of the wrong size', () => {
    expectRefused(() => addIbnB(twoBlocks(), { stages: [2] }), 'invalid_request', 'residual block in stage 2');
    expectRefused(() => addIbnB(twoBlocks(), { stages: [7 as never] }), 'invalid_request', 'stages');
    const once = addIbnB(twoBlocks(), { stages: [1] }).model;
    expectRefused(() => addIbnB(once, { stages: [1] }), 'invalid_request', 'no norm behind the last addition');
    const wrong = { 1: { mean: [0], variance: [1] } };
    expectRefused(() => addIbnB(twoBlocks(), { stages: [1] }, wrong), 'invalid_request', 'expected 2 values of mean');
  });

  function twoBlocks(): ModelProto {
    const nodes: TinyNode[] = [
      { op: 'Conv', in: ['x', 'w'], out: ['c'], attributes: { kernel_shape: [4n, 4n], strides: [4n, 4n] } },
      { op: 'Conv', in: ['c', 'w0'], out: ['c0'] },
      { op: 'Add', in: ['c0', 'c'], out: ['s0'] },
      { op: 'Relu', in: ['s0'], out: ['r0'] },
      { op: 'Conv', in: ['r0', 'w1'], out: ['c1'] },
      { op: 'Add', in: ['r0', 'c1'], out: ['s1'] },
      { op: 'Relu', in: ['s1'], out: ['y'] },
    ];
    const weights = blockWeights.map((it, i) => floatTensor(`w${i}`, [2, 2, 1, 1], it));
    return tinyModel({ nodes, weights: [floatTensor('w', [2, 3, 4, 4], stemWeight), ...weights] });
  }
});

describe('conditionalBn', () => {
  it('picks a row for all pictures, or one for each', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), fc.nat(1), async ({ model, x, affine, moments, random }, condition) => {
        const row = {
          scale: randomValues(random, x.c),
          mean: randomValues(random, x.c),
          variance: randomValues(random, x.c, 0.1, 2),
        };
        const after = conditionalBn(model, {}, { [SITE]: [{}, row] });
        expect(after.provenance).toMatchObject({ inputs: ['condition'], options: { conditions: 2 } });
        const rows = [batchNorm(x, affine, moments), batchNorm(x, { ...affine, scale: row.scale }, row)];
        const one = await runModel(after.model, { x, condition: conditions([condition]) });
        expectMap(one.y, rows[condition]!);
        const each = await runModel(after.model, {
          x,
          condition: conditions(Array.from({ length: x.n }, (_, i) => i % 2)),
        });
        expectMap(each.y, alternate(rows[0]!, rows[1]!));
      }),
      RUNS,
    );
  });

  it('refuses rows that do not fit', () => {
    const [norm] = fc.sample(loneNorm(fc.constant(2)), { numRuns: 1, seed: 3 });
    const refuse = (rows: Parameters<typeof conditionalBn>[2], message: string, input?: string) =>
      expectRefused(() => conditionalBn(norm!.model, input ? { input } : {}, rows), 'invalid_request', message);
    refuse({}, 'got no site');
    refuse({ [SITE]: [] }, 'at least one, for each site, got 0');
    refuse({ [SITE]: [{}], other: [{}, {}] }, 'got 1, 2');
    refuse({ [SITE]: [{ scale: [1] }] }, 'expected 2 values of scale and bias, got 1 and 2');
    refuse({ [SITE]: [{ mean: [1] }] }, 'expected 2 values of mean, got 1');
    refuse({ [SITE]: [{}] }, 'no value x in the network yet', 'x');
  });
});

function conditions(values: number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
}

/** Pictures of even number from the first, of odd number from the second. */
function alternate(even: Nchw, odd: Nchw): Nchw {
  const size = even.c * even.h * even.w;
  return { ...even, data: even.data.map((value, i) => (Math.floor(i / size) % 2 === 0 ? value : odd.data[i]!)) };
}

it('expectClose fails where a number is off', () => {
  expect(() => expectClose([1, 2], [1, 2.001])).toThrow();
  expect(() => expectClose([1, NaN], [1, 2])).toThrow();
});
