import fc from 'fast-check';
import { clone, equals } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ModelProtoSchema, type ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor, intTensor } from '../../../../engine/model/onnx/tensor.js';
import { foldBn } from '../../../../engine/model/passes/fold-bn.js';
import { expectClose, expectRefused } from '../graph-support/expect.js';
import { randomModel } from '../graph-support/random-model.js';
import { randomMap, randomValues, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, type TinyNode } from '../graph-support/tiny-model.js';

const random = seeded(1);

describe('foldBn', () => {
  it('gives the same numbers in random networks, and leaves no batch norm', async () => {
    await fc.assert(
      fc.asyncProperty(randomModel(), async ({ model, x }) => {
        const { model: folded } = foldBn(model);
        expect(operators(folded)).not.toContain('BatchNormalization');
        const [before, after] = [await onlyOutput(model, x), await onlyOutput(folded, x)];
        expect(after.dims).toEqual(before.dims);
        expectClose(after.data, before.data);
      }),
      { numRuns: 40 },
    );
  });

  it('touches nothing of the model that it is given', () => {
    fc.assert(
      fc.property(randomModel(), ({ model }) => {
        const before = clone(ModelProtoSchema, model);
        foldBn(model);
        expect(equals(ModelProtoSchema, model, before)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it.each([1, 2])('folds into a transposed convolution of %i groups', async (groups) => {
    const weights = [floatTensor('w', [4, 3, 2, 2], randomValues(random, 48)), ...vectors(3 * groups)];
    const attributes = { group: BigInt(groups), strides: [2n, 2n] };
    const model = tinyModel({
      channels: 4,
      nodes: [{ op: 'ConvTranspose', in: ['x', 'w'], out: ['c'], attributes }, norm('c')],
      weights,
    });
    await expectSame(model, foldBn(model).model, 4);
  });

  it.each([
    ['rows of weights, a bias for each', 1n, [5]],
    ['columns of weights, one bias for all', 0n, [1]],
    ['columns of weights, a row of biases', 0n, [1, 5]],
  ])('folds into a Gemm with %s', async (_, transB, biasDims) => {
    const size = biasDims.reduce((a, b) => a * b);
    const model = tinyModel({
      nodes: [
        { op: 'GlobalAveragePool', in: ['x'], out: ['p'] },
        { op: 'Flatten', in: ['p'], out: ['f'] },
        { op: 'Gemm', in: ['f', 'w', 'b'], out: ['c'], attributes: { transB, alpha: 0.5, beta: 2 } },
        norm('c'),
      ],
      weights: [
        floatTensor('w', transB === 1n ? [5, 3] : [3, 5], randomValues(random, 15)),
        floatTensor('b', biasDims, randomValues(random, size)),
        ...vectors(5),
      ],
    });
    await expectSame(model, foldBn(model).model, 3);
  });

  it('folds by hand: k = 2 / sqrt(3 + 1) = 1, bias = 1 * (0.5 - 4) + 7', async () => {
    const model = tinyModel({
      channels: 1,
      nodes: [{ op: 'Conv', in: ['x', 'w', 'b'], out: ['c'] }, norm('c', 1)],
      weights: [
        floatTensor('w', [1, 1, 1, 1], [3]),
        floatTensor('b', [1], [0.5]),
        ...[2, 7, 4, 3].map((value, i) => floatTensor(VECTORS[i]!, [1], [value])),
      ],
    });
    const x = { n: 1, c: 1, h: 1, w: 2, data: Float64Array.of(0, 1) };
    expect([...(await onlyOutput(foldBn(model).model, x)).data]).toEqual([3.5, 6.5]);
  });

  it('looks through Cast, and stores float16 as asked', async () => {
    const model = tinyModel({
      nodes: [
        { op: 'Cast', in: ['half'], out: ['w'], attributes: { to: 1n } },
        { op: 'Conv', in: ['x', 'w'], out: ['c'] },
        norm('c'),
      ],
      weights: [floatTensor('half', [5, 3, 1, 1], randomValues(random, 15), 'float16'), ...vectors(5)],
    });
    await expectSame(model, foldBn(model).model, 3);
    const stored = foldBn(model, { storage: 'float16' }).model;
    await expectSame(model, stored, 3, 5e-3);
    expect(stored.graph!.initializer.map((it) => [it.dataType, it.dims.length])).toContainEqual([10, 4]);
    expect(operators(foldBn(model).model)).toEqual(['Conv']);
  });

  it('keeps the weights of a convolution that another one shares', async () => {
    const model = tinyModel({
      nodes: [conv('c'), norm('c', undefined, 'n'), conv('d'), { op: 'Add', in: ['n', 'd'], out: ['y'] }],
      weights: [floatTensor('w', [5, 3, 1, 1], randomValues(random, 15)), ...vectors(5)],
    });
    await expectSame(model, foldBn(model).model, 3);
  });

  it('skips what it cannot fold, and says why', () => {
    const model = tinyModel({
      nodes: [
        conv('c'),
        norm('c', undefined, 'n'),
        { op: 'Relu', in: ['n'], out: ['r'] },
        norm('r', undefined, 'm'),
        { op: 'Add', in: ['m', 'c2'], out: ['y'] },
        conv('c2'),
      ],
      weights: [floatTensor('w', [5, 3, 1, 1], randomValues(random, 15)), ...vectors(5)],
    });
    const { provenance } = foldBn(model);
    expect(provenance).toEqual({
      pass: 'fold-bn',
      options: { storage: 'float32' },
      sites: ['BatchNormalization:n'],
      skipped: [{ site: 'BatchNormalization:m', reason: 'it reads the output of Relu, not of a convolution' }],
      inputs: [],
    });
  });

  it.each<[string, TinyNode[], string]>([
    ['an activation between', [conv('c'), { op: 'Relu', in: ['c'], out: ['r'] }, norm('r')], 'output of Relu'],
    ['no convolution', [norm('x')], 'an input of the network'],
    [
      'a convolution that others read',
      [conv('c'), norm('c', undefined, 'n'), { op: 'Add', in: ['c', 'n'], out: ['y'] }],
      'others read the output',
    ],
  ])('refuses %s', (_, nodes, message) => {
    const weights = [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)), ...vectors(3)];
    expectRefused(() => foldBn(tinyModel({ nodes, weights })), 'invalid_request', message);
  });

  it('refuses a convolution whose output the network gives out', () => {
    const weights = [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)), ...vectors(3)];
    const model = tinyModel({ nodes: [conv('c'), norm('c')], weights, outputs: ['c', 'y'] });
    expectRefused(() => foldBn(model), 'invalid_request', 'others read the output');
  });

  it('refuses integer weights', () => {
    const weights = [intTensor('w', [3, 3, 1, 1], Array<number>(9).fill(1)), ...vectors(3)];
    expectRefused(
      () => foldBn(tinyModel({ nodes: [conv('c'), norm('c')], weights })),
      'invalid_request',
      'floating-point',
    );
    const scales = [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)), intTensor('scale', [3], [1, 1, 1])];
    const model = tinyModel({ nodes: [conv('c'), norm('c')], weights: [...scales, ...vectors(3).slice(1)] });
    expectRefused(() => foldBn(model), 'model_invalid', 'floating-point');
  });

  it('takes a site that is named twice once', () => {
    const weights = [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)), ...vectors(3)];
    const model = tinyModel({ nodes: [conv('c'), norm('c')], weights });
    const site = 'BatchNormalization:y';
    expect(foldBn(model, { sites: [site, site] }).provenance.sites).toEqual([site]);
  });

  it('refuses a bias that is not one for each channel, and weights that are fed', () => {
    const weights = [
      floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)),
      floatTensor('b', [2], [1, 2]),
      ...vectors(3),
    ];
    const fold = (inputs: string[]) => () =>
      foldBn(tinyModel({ nodes: [{ ...conv('c'), in: inputs }, norm('c')], weights }));
    expectRefused(fold(['x', 'w', 'b']), 'invalid_request', 'a bias of 3 values, found 2');
    expectRefused(fold(['x', 'w', 'x']), 'invalid_request', 'a stored bias, found a computed one');
    expectRefused(fold(['x', 'x']), 'invalid_request', 'stored weights, found computed ones');
  });

  it('refuses a Gemm whose bias differs from row to row', () => {
    const nodes = [
      { op: 'Flatten', in: ['x'], out: ['f'] },
      { op: 'Gemm', in: ['f', 'w', 'b'], out: ['c'] },
      norm('c'),
    ];
    const weights = [
      floatTensor('w', [3, 2], randomValues(random, 6)),
      floatTensor('b', [2, 1], [1, 2]),
      ...vectors(2),
    ];
    expectRefused(
      () => foldBn(tinyModel({ nodes, weights })),
      'invalid_request',
      'each of 2 channels, found shape [2,1]',
    );
  });

  it('refuses sites that are not there, stages that do not exist, and both at once', () => {
    const weights = [floatTensor('w', [3, 3, 1, 1], randomValues(random, 9)), ...vectors(3)];
    const model = tinyModel({ nodes: [conv('c'), norm('c')], weights });
    expectRefused(() => foldBn(model, { sites: ['bn7'] }), 'invalid_request', 'got bn7; it has BatchNormalization:y');
    expectRefused(() => foldBn(model, { stages: [5 as never] }), 'invalid_request', 'stages');
    expectRefused(() => foldBn(model, { stages: [4] }), 'invalid_request', 'in stages 4, found none');
    const both = { stages: ['stem' as const], sites: ['BatchNormalization:y'] };
    expectRefused(() => foldBn(model, both), 'invalid_request', 'expected stages or sites, got both');
  });
});

const VECTORS = ['scale', 'shift', 'mean', 'variance'];

function vectors(channels: number) {
  return VECTORS.map((name) =>
    floatTensor(name, [channels], randomValues(random, channels, name === 'variance' ? 0 : -1, 2)),
  );
}

function conv(output: string): TinyNode {
  return { op: 'Conv', in: ['x', 'w'], out: [output] };
}

function norm(input: string, epsilon = 1e-3, output = 'y'): TinyNode {
  return { op: 'BatchNormalization', in: [input, ...VECTORS], out: [output], attributes: { epsilon } };
}

function operators(model: ModelProto): string[] {
  return model.graph!.node.map(({ opType }) => opType);
}

async function onlyOutput(model: ModelProto, x: ReturnType<typeof randomMap>) {
  return Object.values(await runModel(model, { x }))[0]!;
}

async function expectSame(before: ModelProto, after: ModelProto, channels: number, tolerance = 1e-4): Promise<void> {
  expect(operators(after)).not.toContain('BatchNormalization');
  const x = randomMap(random, 2, channels, 3, 5);
  const [expected, actual] = [await onlyOutput(before, x), await onlyOutput(after, x)];
  expect(actual.dims).toEqual(expected.dims);
  expectClose(actual.data, expected.data, tolerance);
}
