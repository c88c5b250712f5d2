import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainDimension, compileChain } from '../../../engine/descriptor/chain.js';
import { l2Norm } from '../../../engine/descriptor/l2.js';
import type { ChainStage } from '../../../engine/model/chain-stage.js';
import type { FeatureMap } from '../../../engine/types.js';
import { thrownBy } from '../model/fixtures.js';

const FACTS = { file: 'p.f32', sha256: '0'.repeat(64), inputs: 2, outputs: 3 };
const PROJECTION: ChainStage = { stage: 'projection', ...FACTS };
const POWER: ChainStage = { stage: 'power', exponent: 0.5 };
const GEM = { stage: 'gem', p: 3, eps: 1e-6 } satisfies ChainStage;
const L2: ChainStage = { stage: 'l2' };
/** Rows (1,0), (0,1), (1,1) and a bias. */
const VALUES = { 'p.f32': Float32Array.of(1, 0, 0, 1, 1, 1, 0.5, 0, 0) };

const map = (...data: number[]): FeatureMap => ({
  channels: 2,
  height: 1,
  width: data.length / 2,
  data: Float32Array.from(data),
});

describe('chainDimension', () => {
  it('is the channels, or the outputs of the last projection', () => {
    expect(chainDimension([GEM, L2], 512)).toBe(512);
    expect(chainDimension([{ stage: 'spoc' }, L2, PROJECTION, L2], 2)).toBe(3);
    expect(chainDimension([{ stage: 'rmac', levels: 3, projection: FACTS }, POWER, L2], 2)).toBe(3);
  });
  it.each<[string, ChainStage[], string]>([
    ['that is empty', [], 'expected one of mac, spoc, gem, crow, rmac, attention-rmac as first stage, got no stage'],
    [
      'without pooling first',
      [L2, GEM, L2],
      'expected one of mac, spoc, gem, crow, rmac, attention-rmac as first stage, got l2',
    ],
    ['with two poolings', [GEM, { stage: 'mac' }, L2], 'expected one pooling, got a second one, mac'],
    ['without l2 last', [GEM, L2, PROJECTION], 'expected l2 as last stage, got projection'],
    ['of pooling alone', [GEM], 'expected l2 as last stage, got gem'],
    [
      'with p of another number of channels',
      [{ ...GEM, p: [1, 2, 3] }, L2],
      'expected p for each of 2 channels, got 3',
    ],
    [
      'whose regions are projected from another length',
      [{ stage: 'attention-rmac', levels: 3, projection: { ...FACTS, inputs: 4 } }, L2],
      'p.f32: expected 2 inputs, got 4',
    ],
    ['whose projection takes another length', [GEM, PROJECTION, PROJECTION, L2], 'p.f32: expected 3 inputs, got 2'],
  ])('refuses a chain %s', async (_name, stages, message) => {
    const error = await thrownBy(() => chainDimension(stages, 2));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain(message);
  });
});

describe('compileChain', () => {
  it('runs the stages in their order', () => {
    const chain = compileChain([{ stage: 'spoc' }, PROJECTION, L2], 2, VALUES);
    // spoc (2, 1) -> (2.5, 1, 3) -> divided by sqrt(16.25)
    const descriptor = chain(map(1, 3, 1, 1));
    const length = Math.sqrt(16.25);
    [2.5, 1, 3].forEach((value, i) => expect(descriptor[i]).toBeCloseTo(value / length, 6));
  });
  it('projects regions before they are summed, and takes the root of values', () => {
    const chain = compileChain([{ stage: 'rmac', levels: 1, projection: FACTS }, POWER, L2], 2, VALUES);
    // mac (3, 4) -> (0.6, 0.8) -> (1.1, 0.8, 1.4), whose roots have the length sqrt(3.3)
    const descriptor = chain(map(3, 4));
    [1.1, 0.8, 1.4].forEach((value, i) => expect(descriptor[i]).toBeCloseTo(Math.sqrt(value / 3.3), 6));
  });
  it('takes the attention of a file', async () => {
    const attention = { file: 'a.f32', sha256: '0'.repeat(64), hidden: 1 };
    const stages: ChainStage[] = [{ stage: 'attention-rmac', levels: 3, attention }, L2];
    expect(compileChain(stages, 2, { 'a.f32': new Float32Array(7) })(map(3, 4))[0]).toBeCloseTo(0.6, 6);
    const error = await thrownBy(() => compileChain(stages, 2, { 'a.f32': new Float32Array(6) }));
    expect(error.code).toBe('model_invalid');
  });
  it('leaves out cells of weight 0', () => {
    const chain = compileChain([GEM, L2], 2, {});
    const masked = chain(map(3, 100, 4, 100), Float32Array.of(1, 0));
    expect(masked[0]).toBeCloseTo(0.6, 6);
    expect(masked[1]).toBeCloseTo(0.8, 6);
  });
  it('gives unit vectors', () => {
    const chain = compileChain([GEM, L2, PROJECTION, L2], 2, VALUES);
    const cells = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(cells, (values) => {
        const [a, b, c, d] = values;
        fc.pre(Math.max(a!, b!) > 0 && Math.abs(Math.hypot(a!, b!) - Math.hypot(c!, d!)) > 1);
        expect(l2Norm(chain(map(...values)))).toBeCloseTo(1, 6);
      }),
    );
  });
  it.each<[string, FeatureMap, Float32Array | undefined]>([
    ['a dead map, though the projection has a bias', map(0, 0, 0, 0), undefined],
    ['a map whose channels are alike', map(2, 2, 2, 2), undefined],
    ['a wholly transparent picture', map(1, 2, 3, 4), new Float32Array(2)],
    ['NaN', map(1, NaN, 3, 4), undefined],
  ])('refuses %s', async (_name, input, weights) => {
    const error = await thrownBy(() => compileChain([GEM, PROJECTION, L2], 2, VALUES)(input, weights));
    expect(error.code).toBe('image_too_plain');
  });
  it('refuses a vector that a projection maps to zero', async () => {
    const zero = { 'p.f32': new Float32Array(9) };
    const error = await thrownBy(() => compileChain([GEM, PROJECTION, L2], 2, zero)(map(1, 2)));
    expect(error.code).toBe('image_too_plain');
  });
  it('refuses a projection without its values', () => {
    expect(() => compileChain([GEM, PROJECTION, L2], 2, {})).toThrow('expected the values of p.f32, got none');
  });
});
