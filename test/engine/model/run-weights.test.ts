import { describe, expect, it } from 'vitest';
import { runWeightInputs } from '../../../engine/model/run-weights.js';
import { expectRefused } from './graph-support/expect.js';

const STAGES = ['runWeight.stem', 'runWeight.1'];

describe('runWeightInputs', () => {
  it('gives every input the standard weight, but for the exceptions', () => {
    expect(runWeightInputs(['runWeight'], { standard: 0.9, exceptions: {} })).toEqual({ runWeight: [0.9] });
    expect(runWeightInputs(STAGES, { standard: 1, exceptions: { stem: 0 } })).toEqual({
      'runWeight.stem': [0],
      'runWeight.1': [1],
    });
  });

  it('knows a site by its whole name', () => {
    const weights = { standard: 0.9, exceptions: { '/a.b/bn': 0.5 } };
    expect(runWeightInputs(['runWeight./a.b/bn'], weights)).toEqual({ 'runWeight./a.b/bn': [0.5] });
  });

  it.each([-0.1, 1.1, NaN])('refuses a weight of %s', (weight) => {
    const reason = `expected a run weight from 0 to 1, got ${weight}`;
    expectRefused(() => runWeightInputs(STAGES, { standard: weight, exceptions: {} }), 'invalid_request', reason);
    expectRefused(
      () => runWeightInputs(STAGES, { standard: 1, exceptions: { stem: weight } }),
      'invalid_request',
      reason,
    );
  });

  it('refuses an exception that no input is for', () => {
    const exceptions = { 4: 0.5 };
    const act = (inputs: string[]) => () => runWeightInputs(inputs, { standard: 1, exceptions });
    expectRefused(act(STAGES), 'invalid_request', 'expected run weights of stem, 1, got one of 4');
    expectRefused(act(['runWeight']), 'invalid_request', 'one weight holds for all');
  });
});
