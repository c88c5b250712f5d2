import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { adapt } from '../../../../engine/model/passes/adapt.js';
import { measureStatistics } from '../../../../engine/model/passes/measure-statistics.js';
import { StatisticsPool } from '../../../../engine/model/passes/statistics-pool.js';
import { expectClose, expectMap, expectRefused } from '../graph-support/expect.js';
import { loneNorm, SITE } from '../graph-support/lone-norm.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { randomMap, randomValues, seeded } from '../graph-support/random.js';
import { runModel, tinyModel } from '../graph-support/tiny-model.js';
import { batchNorm, channelMoments, conv } from '../reference-ops.js';

describe('measureStatistics', () => {
  it('gives the statistics of the batch, and norms by the stored ones or by them', async () => {
    await fc.assert(
      fc.asyncProperty(loneNorm(), fc.boolean(), async ({ model, x, affine, moments }, byBatch) => {
        const { model: measuring, outputs } = measureStatistics(model, { normalize: byBatch ? 'batch' : 'stored' });
        const found = await runModel(measuring, { x });
        const statistics = channelMoments(x);
        expectMap(found.y, batchNorm(x, affine, byBatch ? statistics : moments));
        const [{ site, mean, variance, size }] = outputs as [(typeof outputs)[0]];
        expect(site).toBe(SITE);
        expectClose(found[mean]!.data, statistics.mean);
        expectClose(found[variance]!.data, statistics.variance);
        expect(Number(found[size]!.data[0])).toBe(x.data.length);
      }),
      { numRuns: 25 },
    );
  });

  it('measures behind a convolution without a norm', async () => {
    const random = seeded(3);
    const [weight, bias] = [randomValues(random, 6), randomValues(random, 2)];
    const weights = [floatTensor('w', [2, 3, 1, 1], weight), floatTensor('b', [2], bias)];
    const model = tinyModel({ nodes: [{ op: 'Conv', in: ['x', 'w', 'b'], out: ['y'] }], weights });
    const x = randomMap(random, 2, 3, 4, 5);
    const expected = channelMoments(conv(x, weight, bias, { outputs: 2, kernel: 1, stride: 1, pad: 0, groups: 1 }));
    const found = await runModel(measureStatistics(model).model, { x });
    expectClose(found['Conv:y/mean']!.data, expected.mean);
    expectRefused(() => measureStatistics(model, { normalize: 'batch' }), 'invalid_request', 'a batch normalisation');
  });

  it('gives in one run with batch statistics what adapting site by site gives', async () => {
    const x = randomMap(seeded(4), 4, 3, 32, 32);
    const model = miniResnet({ blocks: [1, 1], kind: 'basic' });
    const atOnce = await measured(model, x, { normalize: 'batch' });
    let adapted = model;
    for (const [site, statistics] of Object.entries(atOnce)) {
      const [own] = Object.values(await measured(adapted, x, { sites: [site] }));
      expectClose(own!.mean, statistics.mean, 1e-3);
      expectClose(own!.variance, statistics.variance, 1e-3);
      adapted = adapt(adapted, { statistics: { [site]: own! } }).model;
    }
  });
});

describe('StatisticsPool', () => {
  it('gives the statistics of all batches as of one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.nat(), (sizes, seed) => {
        const random = seeded(seed);
        const pool = new StatisticsPool(2);
        const parts = sizes.map((n) => randomMap(random, n, 2, n, 3));
        for (const part of parts) pool.add(part.n * part.h * part.w, channelMoments(part));
        // as pictures of one row each, so that maps of unlike height can stand in one batch
        const rows = parts.map((part) =>
          [0, 1].map((c) => part.data.filter((_, i) => Math.floor(i / (part.h * 3)) % 2 === c)),
        );
        const all = [0, 1].map((c) => rows.flatMap((it) => [...it[c]!]));
        const whole = { n: 1, c: 2, h: 1, w: all[0]!.length, data: Float64Array.from(all.flat()) };
        expectClose(pool.statistics.mean, channelMoments(whole).mean, 1e-12);
        expectClose(pool.statistics.variance, channelMoments(whole).variance, 1e-12);
      }),
    );
  });

  it('loses nothing where the mean is large against the spread', () => {
    const pool = new StatisticsPool(1);
    for (const mean of [1e8, 1e8 + 2]) pool.add(10, { mean: [mean], variance: [0] });
    expect(pool.statistics.variance[0]).toBe(1);
  });

  it('refuses statistics of other channels, and of nothing', () => {
    const pool = new StatisticsPool(2);
    expectRefused(() => pool.add(1, { mean: [0], variance: [0] }), 'internal', 'expected statistics of 2 channels');
    expectRefused(() => pool.add(0, { mean: [0, 0], variance: [0, 0] }), 'internal', 'of 0 values');
  });
});

async function measured(
  model: ModelProto,
  x: ReturnType<typeof randomMap>,
  options: Parameters<typeof measureStatistics>[1],
): Promise<Record<string, { mean: Float32Array; variance: Float32Array }>> {
  const { model: measuring, outputs } = measureStatistics(model, options);
  const found = await runModel(measuring, { x });
  return Object.fromEntries(
    outputs.map(({ site, mean, variance }) => [site, { mean: found[mean]!.data, variance: found[variance]!.data }]),
  );
}
