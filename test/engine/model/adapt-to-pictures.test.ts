import { describe, expect, it } from 'vitest';
import { adaptToPictures, type AdaptOptions } from '../../../engine/model/adapt-to-pictures.js';
import type { PictureInput } from '../../../engine/model/picture-batches.js';
import { constantFloats } from '../../../engine/model/graph/constants.js';
import { Graph } from '../../../engine/model/graph/graph.js';
import { normSites } from '../../../engine/model/graph/norm-sites.js';
import { floatTensor } from '../../../engine/model/onnx/tensor.js';
import type { ModelProto } from '../../../engine/model/onnx/onnx_pb.js';
import { applyPasses } from '../../../engine/model/passes/apply-passes.js';
import { measureStatistics } from '../../../engine/model/passes/measure-statistics.js';
import { StatisticsPool } from '../../../engine/model/passes/statistics-pool.js';
import { thrownBy, tinyManifest } from './fixtures.js';
import { expectClose } from './graph-support/expect.js';
import { miniResnet } from './graph-support/mini-resnet.js';
import { randomValues, seeded } from './graph-support/random.js';
import { runModel, tinyModel, toTensor, vector } from './graph-support/tiny-model.js';

const manifest = { ...tinyManifest(), input: { ...tinyManifest().input, name: 'x' } };

function pictures(count: number, sides: (i: number) => [number, number] = () => [32, 32]): PictureInput[] {
  const random = seeded(count);
  return Array.from({ length: count }, (_, i) => {
    const [height, width] = sides(i);
    const data = randomValues(random, 3 * height * width, -1 - i / 9, 2);
    return { height, width, tensor: () => data };
  });
}

/** Stored mean and variance of each batch norm, one after the other. */
function stored(model: ModelProto): number[] {
  const graph = new Graph(model);
  const norms = graph.nodes.filter(({ opType }) => opType === 'BatchNormalization');
  return norms.flatMap(({ input }) => input.slice(3).flatMap((value) => [...constantFloats(graph, value)!]));
}

/** What each site is given by these pictures in the network as it is, measured site by site in one run a picture. */
async function given(
  model: ModelProto,
  shown: readonly PictureInput[],
  feeds: Parameters<typeof runModel>[1] = {},
): Promise<number[]> {
  const { model: measured, outputs } = measureStatistics(model);
  const pools = new Map<string, StatisticsPool>();
  for (const { height, width, tensor } of shown) {
    const x = toTensor({ n: 1, c: 3, h: height, w: width, data: Float64Array.from(tensor()) });
    const run = await runModel(measured, { x, ...feeds });
    for (const { site, mean, variance, size } of outputs) {
      const moments = { mean: run[mean]!.data, variance: run[variance]!.data };
      const pool = pools.get(site) ?? new StatisticsPool(moments.mean.length);
      pool.add(Number(run[size]!.data[0]) / moments.mean.length, moments);
      pools.set(site, pool);
    }
  }
  return outputs.flatMap(({ site }) => {
    const { mean, variance } = pools.get(site)!.statistics;
    return [...mean, ...variance];
  });
}

const resnet = miniResnet({ blocks: [1, 1], kind: 'basic' });
const adapted = (shown: PictureInput[], options: AdaptOptions, model = resnet) =>
  adaptToPictures(model, manifest, shown, options);

describe('adaptToPictures', () => {
  it('pools pixels of pictures of unlike size', async () => {
    const vectors = ['s', 'b', 'm', 'v'].map((name) => floatTensor(name, [3], [1, 1, 1]));
    const lone = tinyModel({
      nodes: [{ op: 'BatchNormalization', in: ['x', 's', 'b', 'm', 'v'], out: ['y'] }],
      weights: vectors,
    });
    // channel 0 holds 1, 1 and then 4, 4, 4, 4: mean 3, variance (2 * 4 + 4 * 1) / 6 = 2
    const small = { height: 1, width: 2, tensor: () => Float32Array.of(1, 1, 0, 0, 5, 7) };
    const large = { height: 2, width: 2, tensor: () => Float32Array.of(4, 4, 4, 4, 0, 0, 0, 6, 6, 6, 6, 6) };
    const { model, provenance } = await adapted([small, large], { method: 'layers' }, lone);
    expectClose(stored(model), [3, 1, 6, 2, 5, 1 / 3], 1e-6);
    expect(provenance).toEqual({
      pass: 'adapt',
      options: { method: 'layers', pictures: 2 },
      sites: ['BatchNormalization:y'],
      skipped: [],
      inputs: [],
    });
  });

  it('by layers, gives every site the statistics that it then sees', async () => {
    const shown = pictures(5, (i) => [32, i % 2 === 0 ? 32 : 64]);
    const { model } = await adapted(shown, { method: 'layers' });
    expectClose(stored(model), await given(model, shown));
    // statistics of the network as it was would not do: those of deep sites are others
    const naive = await given(resnet, shown);
    const gaps = stored(model).map((it, i) => Math.abs(it - naive[i]!));
    expect(Math.max(...gaps)).toBeGreaterThan(0.1);
  });

  it('by one batch of all pictures, gives the same as by layers', async () => {
    const shown = pictures(6);
    const [layers, batch] = [await adapted(shown, { method: 'layers' }), await adapted(shown, { method: 'batch' })];
    expectClose(stored(batch.model), stored(layers.model), 1e-3);
  });

  it('changes nothing any more when it is done again', async () => {
    const shown = pictures(4);
    const once = await adapted(shown, { method: 'layers' });
    const twice = await adapted(shown, { method: 'layers' }, once.model);
    expectClose(stored(twice.model), stored(once.model));
  });

  it('keeps to its stages, and counts every run', async () => {
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => seen.push([done, total]);
    const { model, provenance } = await adapted(pictures(2), { method: 'layers', stages: ['stem', 1], onProgress });
    expect(provenance.sites).toHaveLength(3);
    expect(provenance.options).toEqual({ stages: ['stem', 1], method: 'layers', pictures: 2 });
    // three rounds over two pictures
    expect([seen.length, seen.at(-1)]).toEqual([6, [6, 6]]);
    const [before, after] = [stored(resnet), stored(model)];
    const inStages = 2 * 2 * normSites(new Graph(resnet)).filter(({ stage }) => stage === 'stem' || stage === 1).length;
    expect(after.slice(inStages)).toEqual(before.slice(inStages));
    expect(after.slice(0, inStages).some((it, i) => Math.abs(it - before[i]!) > 0.1)).toBe(true);
  });

  it('cuts many pictures into even batches', async () => {
    const seen: number[] = [];
    await adapted(pictures(33), { method: 'batch', stages: ['stem'], onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([16, 33]);
  });

  it('feeds what the manifest fixes', async () => {
    const mixed = applyPasses(resnet, [{ pass: 'mix', stages: ['stem'] }]).model;
    const fixed = { ...manifest, inputs: { runWeight: [0.25] } };
    const shown = pictures(2);
    const { model } = await adaptToPictures(mixed, fixed, shown, { method: 'layers' });
    expectClose(stored(model), await given(model, shown, { runWeight: vector([0.25]) }));
    const gaps = (await given(model, shown, { runWeight: vector([1]) })).map((it, i) =>
      Math.abs(it - stored(model)[i]!),
    );
    expect(Math.max(...gaps)).toBeGreaterThan(0.1);
  });

  it.each<[string, PictureInput[], AdaptOptions, string]>([
    ['no pictures', [], { method: 'layers' }, 'expected at least one picture, got none'],
    ['a stage without sites', pictures(1), { method: 'layers', stages: [4] }, 'in stages 4, found none'],
    ['stages and sites at once', pictures(1), { method: 'layers', stages: [1], sites: ['a'] }, 'got both'],
    [
      'unlike sizes in a batch',
      pictures(2, (i) => [32, 32 + 32 * i]),
      { method: 'batch' },
      'got 32x32 and 64x32; use method layers',
    ],
  ])('refuses %s', async (_name, shown, options, reason) => {
    const error = await thrownBy(() => adapted(shown, options));
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain(reason);
  });
});
