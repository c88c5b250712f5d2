/** The passes that put another norm in the place of batch normalisation, against the formula and in the runtime. */
import fc from 'fast-check';
import { clone, equals } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ModelProtoSchema, type ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor, intTensor, readFloats } from '../../../../engine/model/onnx/tensor.js';
import { bnToGn } from '../../../../engine/model/passes/bn-to-gn.js';
import { bnToIbnA } from '../../../../engine/model/passes/bn-to-ibn-a.js';
import { bnToIn } from '../../../../engine/model/passes/bn-to-in.js';
import { bnToLn } from '../../../../engine/model/passes/bn-to-ln.js';
import { mix } from '../../../../engine/model/passes/mix.js';
import type { PassResult } from '../../../../engine/model/passes/pass.js';
import { expectClose, expectMap, expectRefused } from '../graph-support/expect.js';
import { loneNorm, SITE } from '../graph-support/lone-norm.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { randomModel } from '../graph-support/random-model.js';
import { randomMap, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, vector } from '../graph-support/tiny-model.js';
import {
  batchNorm,
  channels,
  concat,
  groupNorm,
  instanceNorm,
  mixNorm,
  type Affine,
  type Moments,
} from '../reference-ops.js';

const RUNS = { numRuns: 25 };

describe('bnToIn', () => {
  it('gives the numbers of instance normalisation', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), async ({ model, x, affine }) => {
        expectMap((await runModel(bnToIn(model).model, { x })).y, instanceNorm(x, affine));
      }),
      RUNS,
    );
  });
});

describe('bnToGn', () => {
  it('gives the numbers of group normalisation', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(fc.constantFrom(2, 4, 6)), fc.constantFrom(1, 2), async (norm, groups) => {
        const { model, provenance } = bnToGn(norm.model, { groups });
        expectMap((await runModel(model, { x: norm.x })).y, groupNorm(norm.x, groups, norm.affine));
        expect(provenance.options).toEqual({ groups });
      }),
      RUNS,
    );
  });

  it.each([
    [6, 2],
    [7, 1],
    [64, 32],
  ])('takes for %i channels %i groups unless told otherwise', async (c, groups) => {
    const [norm] = fc.sample(loneNorm(fc.constant(c)), { numRuns: 1, seed: 3 });
    expectMap((await runModel(bnToGn(norm!.model).model, { x: norm!.x })).y, groupNorm(norm!.x, groups, norm!.affine));
  });

  it('refuses groups that do not divide the channels', () => {
    const [norm] = fc.sample(loneNorm(fc.constant(6)), { numRuns: 1, seed: 3 });
    expectRefused(() => bnToGn(norm!.model, { groups: 4 }), 'invalid_request', 'divide 6 channels, got 4');
  });
});

describe('bnToLn', () => {
  it('gives the numbers of layer normalisation', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), async ({ model, x, affine }) => {
        expectMap((await runModel(bnToLn(model).model, { x })).y, groupNorm(x, 1, affine));
      }),
      RUNS,
    );
  });
});

describe('bnToIbnA', () => {
  const part = <T extends Partial<Affine & Moments>>(vectors: T, from: number, to: number): T =>
    Object.fromEntries(
      Object.entries(vectors).map(([name, it]) => [
        name,
        Array.isArray(it) || ArrayBuffer.isView(it) ? slice(it, from, to) : it,
      ]),
    ) as T;
  const slice = (values: unknown, from: number, to: number) => Array.from(values as ArrayLike<number>).slice(from, to);

  it('gives instance norm in the first part and batch norm in the rest', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), fc.constantFrom(0, 0.4, 0.5, 1), async ({ model, x, affine, moments }, ratio) => {
        const half = Math.floor(x.c * ratio);
        const first = instanceNorm(channels(x, 0, half), part(affine, 0, half));
        const rest = batchNorm(channels(x, half, x.c), part(affine, half, x.c), part(moments, half, x.c));
        const after = bnToIbnA(model, { sites: [SITE], ratio }).model;
        expectMap((await runModel(after, { x })).y, concat(first, rest));
      }),
      RUNS,
    );
  });

  it('gives them the other way round as asked, and splits 48 channels at 0.4 into 28 and 20', async () => {
    const [norm] = fc.sample(loneNorm(fc.constant(48)), { numRuns: 1, seed: 5 });
    const { model, x, affine, moments } = norm!;
    const first = batchNorm(channels(x, 0, 28), part(affine, 0, 28), part(moments, 0, 28));
    const rest = instanceNorm(channels(x, 28, 48), part(affine, 28, 48));
    const after = bnToIbnA(model, { sites: [SITE], ratio: 0.4, order: 'batch-first' }).model;
    expectMap((await runModel(after, { x })).y, concat(first, rest));
  });

  it('rewrites the 13 first norms of stages 1 to 3 of a ResNet-50, and no other', () => {
    const { provenance } = bnToIbnA(miniResnet({ blocks: [3, 4, 6, 3], kind: 'bottleneck' }));
    const expected = [3, 4, 6].flatMap((count, stage) =>
      Array.from({ length: count }, (_, i) => `BatchNormalization:layer${stage + 1}.${i}.bn1`),
    );
    expect(provenance.sites).toEqual(expected);
  });

  it('refuses a network that has it already', () => {
    const { model } = bnToIbnA(miniResnet({ blocks: [1, 1], kind: 'basic' }));
    expectRefused(
      () => bnToIbnA(model),
      'invalid_request',
      'the first of a residual block in stages 1, 2, 3, found none',
    );
  });
});

describe('mix', () => {
  it('gives the numbers of the mixed statistics', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), fc.constantFrom(0, 0.25, 0.9, 1), async (norm, runWeight) => {
        const { model, provenance } = mix(norm.model);
        expect(provenance.inputs).toEqual(['runWeight']);
        const { y } = await runModel(model, { x: norm.x, runWeight: weight(runWeight) });
        expectMap(y, mixNorm(norm.x, norm.affine, norm.moments, runWeight));
      }),
      RUNS,
    );
  });

  it('is batch normalisation at 1 and instance normalisation at 0', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), async (norm) => {
        const { model } = mix(norm.model);
        const at = async (value: number) => (await runModel(model, { x: norm.x, runWeight: weight(value) })).y;
        expectMap(await at(1), batchNorm(norm.x, norm.affine, norm.moments));
        expectMap(await at(0), instanceNorm(norm.x, norm.affine));
      }),
      RUNS,
    );
  });

  it('makes an input that must be fed', async () => {
    const [norm] = fc.sample(loneNorm(), { numRuns: 1, seed: 3 });
    await expect(runModel(mix(norm!.model).model, { x: norm!.x })).rejects.toThrow('runWeight');
  });

  it('names one input for all, a stage or a site', async () => {
    const model = miniResnet({ blocks: [1, 1], kind: 'basic' });
    expect(mix(model, { inputs: 'stage' }).provenance.inputs).toEqual(['runWeight.stem', 'runWeight.1', 'runWeight.2']);
    const sites = ['BatchNormalization:bn1', 'BatchNormalization:layer1.0.bn2'];
    const mixed = mix(model, { inputs: 'site', sites });
    expect(mixed.provenance.inputs).toEqual(sites.map((site) => `runWeight.${site}`));

    const x = randomMap(seeded(2), 2, 3, 32, 32);
    const feeds = Object.fromEntries(mixed.provenance.inputs.map((name, i) => [name, weight(1 - i)]));
    const [expected] = Object.values(await runModel(bnToIn(model, { sites: [sites[1]!] }).model, { x }));
    const [actual] = Object.values(await runModel(mixed.model, { x, ...feeds }));
    expectMap(actual, { ...x, c: 4, h: 4, w: 4, data: Float64Array.from(expected!.data) });
  });

  it('refuses a network that has such an input', () => {
    const once = mix(miniResnet({ blocks: [1], kind: 'basic' }), { stages: ['stem'] }).model;
    expectRefused(() => mix(once), 'invalid_request', 'no value runWeight in the network yet');
  });
});

describe('a network that computes in float16', () => {
  it.each<[string, (model: ModelProto) => PassResult]>([
    ['instance', (model) => bnToIn(model)],
    ['group', (model) => bnToGn(model, { groups: 4 })],
    ['mixed', (model) => mix(model)],
    ['half and half', (model) => bnToIbnA(model, { sites: ['BatchNormalization:normed'], ratio: 1 })],
  ])('goes on doing so with %s normalisation', async (_, pass) => {
    const [norm] = fc.sample(loneNorm(fc.constant(4)), { numRuns: 1, seed: 9 });
    const { model, x, affine } = norm!;
    const { nodes, weights } = inHalf(model);
    const after = pass(tinyModel({ nodes, weights, channels: 4 })).model;
    expect(after.graph!.initializer.some(({ dataType }) => dataType === 1)).toBe(false);
    const feeds = after.graph!.input.length > 1 ? { runWeight: weight(0) } : {};
    const { y } = await runModel(after, { x, ...feeds });
    expectClose(y!.data, instanceNorm(x, affine).data, 5e-3);
  });

  /** Cast to float16, the norm of the model with float16 vectors, Cast back. */
  function inHalf({ graph }: ModelProto) {
    const names = graph!.initializer.map(({ name }) => name);
    const nodes = [
      { op: 'Cast', in: ['x'], out: ['half'], attributes: { to: 10n } },
      { op: 'BatchNormalization', in: ['half', ...names], out: ['normed'], attributes: { epsilon: 0.01 } },
      { op: 'Cast', in: ['normed'], out: ['y'], attributes: { to: 1n } },
    ];
    const weights = graph!.initializer.map((it) => floatTensor(it.name, [4], readFloats(it), 'float16'));
    return { nodes, weights };
  }
});

const PASSES: [string, (model: ModelProto) => PassResult][] = [
  ['bnToIn', (model) => bnToIn(model)],
  ['bnToGn', (model) => bnToGn(model)],
  ['bnToLn', (model) => bnToLn(model)],
  ['bnToIbnA', (model) => bnToIbnA(model, { sites: ['BatchNormalization:bn0'] })],
  ['mix', (model) => mix(model)],
];

describe.each(PASSES)('%s', (_, pass) => {
  it('keeps shapes and finite numbers in random networks, and touches nothing of what it is given', async () => {
    await fc.assert(
      fc.asyncProperty(randomModel(), async ({ model, x }) => {
        const before = clone(ModelProtoSchema, model);
        const { model: after, provenance } = pass(model);
        expect(equals(ModelProtoSchema, model, before)).toBe(true);
        const feeds = Object.fromEntries(provenance.inputs.map((name) => [name, weight(0.5)]));
        const [expected] = Object.entries(await runModel(model, { x }));
        const [actual] = Object.entries(await runModel(after, { x, ...feeds }));
        expect(actual?.[0]).toBe(expected?.[0]);
        expect(actual?.[1].dims).toEqual(expected?.[1].dims);
        expect(actual?.[1].data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it.each<[string, (model: ModelProto) => void, string]>([
    ['a norm in training mode', (model) => setTrainingMode(model), 'training mode'],
    ['integer weights', (model) => replaceWeight(model, intTensor('scale0', [2], [1, 1])), 'floating-point'],
    [
      'vectors of unlike lengths',
      (model) => replaceWeight(model, floatTensor('mean0', [3], [0, 0, 0])),
      '2 values of mean',
    ],
    [
      'a negative variance',
      (model) => replaceWeight(model, floatTensor('variance0', [2], [1, -1])),
      'negative variance',
    ],
    [
      'weights that are no numbers',
      (model) => replaceWeight(model, floatTensor('mean0', [2], [0, NaN])),
      'finite values',
    ],
  ])('refuses %s', (_case, spoil, message) => {
    const model = tinyModel({
      channels: 2,
      nodes: [{ op: 'BatchNormalization', in: ['x', ...VECTORS], out: ['bn0'], attributes: { training_mode: 0n } }],
      weights: VECTORS.map((name) => floatTensor(name, [2], [1, 1])),
      outputs: ['bn0'],
    });
    spoil(model);
    expectRefused(() => pass(model), 'model_invalid', message);
  });
});

const VECTORS = ['scale0', 'bias0', 'mean0', 'variance0'];

function setTrainingMode(model: ModelProto): void {
  model.graph!.node[0]!.attribute[0]!.i = 1n;
}

function replaceWeight(model: ModelProto, tensor: ReturnType<typeof floatTensor>): void {
  model.graph!.initializer = model.graph!.initializer.map((it) => (it.name === tensor.name ? tensor : it));
}

function weight(value: number) {
  return vector([value]);
}
