import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../engine/model/manifest.js';
import { checkQueryInputs } from '../../../engine/model/query-inputs.js';
import { thrownBy, tinyManifest } from './fixtures.js';

const pass = { sites: ['a'], skipped: [] };
/** A network that was mixed by stage, given a condition of three domains, and had an input of its own before. */
const MANIFEST: Manifest = {
  ...tinyManifest(),
  inputs: { 'runWeight.stem': [0.9], condition: [0], gain: [2] },
  normalization: {
    kind: 'mixed',
    provenance: [
      {
        parent: { name: 'parent', sha256: 'a'.repeat(64) },
        passes: [
          { ...pass, pass: 'mix', options: {}, inputs: ['runWeight.stem'] },
          { ...pass, pass: 'conditional-bn', options: { conditions: 3 }, inputs: ['condition'] },
        ],
      },
    ],
  },
};

describe('checkQueryInputs', () => {
  it('takes run weights and conditions in range', () => {
    for (const weight of [0, 0.25, 1]) checkQueryInputs(MANIFEST, { 'runWeight.stem': [weight], condition: [2] });
    checkQueryInputs(MANIFEST, {});
  });

  it.each<[string, Record<string, number[]>, string]>([
    ['a weight below 0', { 'runWeight.stem': [-0.1] }, 'inputs.runWeight.stem: expected numbers from 0 to 1, got -0.1'],
    ['a weight above 1', { 'runWeight.stem': [1.1] }, 'from 0 to 1, got 1.1'],
    [
      'a condition that no row is for',
      { condition: [3] },
      'inputs.condition: expected whole numbers from 0 to 2, got 3',
    ],
    ['half a condition', { condition: [0.5] }, 'expected whole numbers from 0 to 2'],
    ['too many values', { condition: [0, 1] }, 'inputs.condition: expected 1 number, got 0, 1'],
    ['an input that no pass added', { gain: [3] }, 'takes (runWeight.stem, condition), got gain'],
    ['what lies behind the object', { constructor: [3] }, 'got constructor'],
  ])('refuses %s', async (_name, inputs, reason) => {
    const error = await thrownBy(() => Promise.resolve().then(() => checkQueryInputs(MANIFEST, inputs)));
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain(reason);
  });

  it('knows no inputs of a model without any', async () => {
    const error = await thrownBy(() =>
      Promise.resolve().then(() => checkQueryInputs(tinyManifest(), { runWeight: [1] })),
    );
    expect(error.message).toContain('takes (none), got runWeight');
  });
});
