import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { normSites } from '../../../../engine/model/graph/norm-sites.js';
import { readOnnx, writeOnnx } from '../../../../engine/model/onnx/onnx-file.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { applyPasses, passStepSchema, type PassStep } from '../../../../engine/model/passes/apply-passes.js';
import { expectRefused } from '../graph-support/expect.js';
import { miniResnet } from '../graph-support/mini-resnet.js';
import { randomMap, seeded } from '../graph-support/random.js';
import { runModel, tinyModel, vector } from '../graph-support/tiny-model.js';

const MODEL = miniResnet({ blocks: [1, 1], kind: 'basic' });
const X = randomMap(seeded(1), 2, 3, 32, 32);

describe('applyPasses', () => {
  it('makes IBN-Net b with mixed statistics, folded elsewhere, pooled and stored small, in one go', async () => {
    const steps: PassStep[] = [
      { pass: 'bn-to-in', stages: ['stem'] },
      { pass: 'add-ibn-b' },
      { pass: 'mix', stages: [1] },
      { pass: 'fold-bn' },
      { pass: 'pool-in-graph', p: 3 },
      { pass: 'weight-storage', storage: 'float16' },
    ];
    const { model, passes } = applyPasses(MODEL, steps);
    expect(passes.map(({ pass, sites }) => [pass, sites.length])).toEqual([
      ['bn-to-in', 1],
      ['add-ibn-b', 2],
      ['mix', 2],
      ['fold-bn', 3],
      ['pool-in-graph', 1],
      ['weight-storage', 6],
    ]);
    expect(JSON.parse(JSON.stringify(passes))).toEqual(passes);
    const kinds = normSites(new Graph(model)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'instance')).toHaveLength(3);
    const { pooled } = await runModel(readOnnx(writeOnnx(model)), { x: X, runWeight: vector([0.9]) });
    expect(pooled!.dims).toEqual([2, 4]);
    expect(pooled!.data.every(Number.isFinite)).toBe(true);
  });

  it.each<PassStep>([
    { pass: 'bn-to-ibn-a', ratio: 0.25 },
    { pass: 'bn-to-gn' },
    { pass: 'bn-to-ln' },
    { pass: 'expose-feature-map', at: 1 },
    { pass: 'cosine', nodes: ['Conv:conv1'] },
  ])('applies $pass, and the runtime takes what comes of it', async (step) => {
    const { model, passes } = applyPasses(MODEL, [step]);
    expect(passes[0]).toMatchObject(
      step.pass === 'bn-to-ibn-a' ? { pass: step.pass, options: { ratio: 0.25 } } : { pass: step.pass },
    );
    const outputs = Object.values(await runModel(model, { x: X }));
    expect(outputs.every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });

  it('applies fold-weight-norm', () => {
    const model = tinyModel({
      nodes: [
        { op: 'ReduceL2', in: ['v'], out: ['l'], attributes: { axes: [1n, 2n, 3n] } },
        { op: 'Div', in: ['v', 'l'], out: ['d'] },
        { op: 'Mul', in: ['d', 'g'], out: ['w'] },
        { op: 'Conv', in: ['x', 'w'], out: ['y'] },
      ],
      weights: [floatTensor('v', [1, 3, 1, 1], [0, 3, 4]), floatTensor('g', [1, 1, 1, 1], [10])],
    });
    const { model: folded } = applyPasses(model, [{ pass: 'fold-weight-norm' }]);
    expect([...new Float32Array(folded.graph!.initializer[0]!.rawData.slice().buffer)]).toEqual([0, 6, 8]);
  });

  it('refuses steps that it does not know, and parameters that a pass does not take', () => {
    expectRefused(() => applyPasses(MODEL, [{ pass: 'bn-to-wn' as 'mix' }]), 'invalid_request', 'pass');
    expectRefused(() => applyPasses(MODEL, [{ pass: 'mix', groups: 2 } as never]), 'invalid_request', 'groups');
    expect(passStepSchema.safeParse({ pass: 'bn-to-gn', groups: 0 }).success).toBe(false);
  });
});
