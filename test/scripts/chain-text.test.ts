import { describe, expect, it } from 'vitest';
import { parseChain, parseScales } from '../../scripts/chain-text.js';

describe('parseChain', () => {
  it.each([
    ['mac', [{ stage: 'mac' }]],
    ['spoc:centre+l2', [{ stage: 'spoc', centrePrior: true }, { stage: 'l2' }]],
    ['gem', [{ stage: 'gem', p: 3, eps: 1e-6 }]],
    [
      'gem:2.5+power',
      [
        { stage: 'gem', p: 2.5, eps: 1e-6 },
        { stage: 'power', exponent: 0.5 },
      ],
    ],
    ['crow+projection', [{ stage: 'crow' }, { stage: 'projection' }]],
    [
      'crow+projection:pca.f32+power:0.7',
      [{ stage: 'crow' }, { stage: 'projection', file: 'pca.f32' }, { stage: 'power', exponent: 0.7 }],
    ],
    ['rmac', [{ stage: 'rmac', levels: 3 }]],
    ['rmac:2:projection', [{ stage: 'rmac', levels: 2, projection: {} }]],
    ['attention-rmac:projection:learned', [{ stage: 'attention-rmac', levels: 3, projection: {}, attention: {} }]],
  ])('reads %s', (text, stages) => {
    expect(parseChain(text)).toEqual(stages);
  });

  it.each([
    '',
    'max',
    'mac:3',
    'gem:',
    'gem:x',
    'gem:0',
    'gem:3:4',
    'spoc:center',
    'rmac:0',
    'rmac:3:learned',
    'power:2',
    'mac++l2',
    'toString',
    'projection:../x',
  ])('refuses %j', (text) => {
    expect(() => parseChain(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
  });
});

describe('parseScales', () => {
  it('reads factors', () => {
    expect(parseScales('1+0.7071+0.5')).toEqual([1, 0.7071, 0.5]);
  });
  it.each(['', '0', '1+', '1+x', '9'])('refuses %j', (text) => {
    expect(() => parseScales(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
  });
});
