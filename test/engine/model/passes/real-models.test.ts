/** The passes on real networks; skipped, and said so, where those are not beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { normSites } from '../../../../engine/model/graph/norm-sites.js';
import { readOnnx, writeOnnx } from '../../../../engine/model/onnx/onnx-file.js';
import { bnToGn } from '../../../../engine/model/passes/bn-to-gn.js';
import { bnToIn } from '../../../../engine/model/passes/bn-to-in.js';
import { exposeFeatureMap } from '../../../../engine/model/passes/expose-feature-map.js';
import { foldBn } from '../../../../engine/model/passes/fold-bn.js';
import { mix } from '../../../../engine/model/passes/mix.js';
import { unfold } from '../../../../engine/model/passes/unfold.js';
import { weightStorage } from '../../../../engine/model/passes/weight-storage.js';
import { expectClose } from '../graph-support/expect.js';
import { randomMap, seeded } from '../graph-support/random.js';
import { FIRST, REFERENCE, TEACHER } from '../graph-support/real-models.js';
import { runModel, vector } from '../graph-support/tiny-model.js';
import { channelMoments } from '../reference-ops.js';

const PICTURES = randomMap(seeded(1), 2, 3, 64, 96);

describeIfHere('the teacher', TEACHER.path, (read) => {
  it('folds all of its 93 norms', async () => {
    const model = read();
    const { model: folded, provenance } = foldBn(model);
    expect([provenance.sites.length, provenance.skipped]).toEqual([93, []]);
    await expectSameOutputs(folded, model);
  });

  it('is itself with all norms mixed at runWeight 1', async () => {
    const model = read();
    await expectSameOutputs(mix(model).model, model, { runWeight: vector([1]) });
  });
});

describeIfHere('the first network', FIRST.path, (read) => {
  it('folds its whole norms, and leaves the halves of IBN-a', async () => {
    const model = read();
    const { model: folded, provenance } = foldBn(model);
    expect(provenance.sites).toHaveLength(16);
    expect(provenance.skipped.map(({ reason }) => reason)).toEqual(
      Array<string>(6).fill('it reads the output of Slice, not of a convolution'),
    );
    await expectSameOutputs(folded, model);
  });

  it('keeps shapes and finite numbers with other norms', async () => {
    const model = read();
    for (const pass of [bnToIn, bnToGn]) {
      const { features } = await runModel(pass(model, { stages: ['stem', 1] }).model, { input: PICTURES });
      expect(features!.dims).toEqual([2, 512, 2, 3]);
      expect(features!.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('grows when its weights are stored as float32, and gives the same', async () => {
    const model = read();
    const { model: whole } = weightStorage(model, { storage: 'float32' });
    expect(writeOnnx(whole).length).toBeGreaterThan(1.9 * writeOnnx(model).length);
    await expectSameOutputs(whole, model);
  });
});

describeIfHere('the reference', REFERENCE.path, (read) => {
  it('is itself with a norm put behind a convolution, which can then be replaced', async () => {
    const model = read();
    const site = normSites(new Graph(model)).find((it) => it.stage === 1 && it.block?.position === 0)!;
    const exposed = exposeFeatureMap(model, { at: site.output, name: 'map' }).model;
    const { map } = await runModel(exposed, { input: PICTURES });
    const [n = 0, c = 0, h = 0, w = 0] = map!.dims;
    const statistics = channelMoments({ n, c, h, w, data: Float64Array.from(map!.data) });
    const unfolded = unfold(model, { statistics: { [site.name]: statistics } }).model;
    await expectSameOutputs(unfolded, model);
    const { map1280 } = await runModel(bnToIn(unfolded).model, { input: PICTURES });
    expect(map1280!.data.every(Number.isFinite)).toBe(true);
  });
});

function describeIfHere(what: string, path: string, tests: (read: () => ReturnType<typeof readOnnx>) => void): void {
  const here = existsSync(path);
  if (!here) console.log(`skipped: ${path} is not here`);
  describe.skipIf(!here)(what, () => tests(() => readOnnx(readFileSync(path))));
}

type Model = ReturnType<typeof readOnnx>;

async function expectSameOutputs(
  actual: Model,
  expected: Model,
  feeds: Parameters<typeof runModel>[1] = {},
): Promise<void> {
  const before = await runModel(expected, { input: PICTURES });
  const after = await runModel(actual, { input: PICTURES, ...feeds });
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, { dims, data }] of Object.entries(before)) {
    expect(after[name]!.dims).toEqual(dims);
    expectClose(after[name]!.data, data);
  }
}
