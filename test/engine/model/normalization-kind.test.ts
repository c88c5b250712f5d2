import { describe, expect, it } from 'vitest';
import { Graph } from '../../../engine/model/graph/graph.js';
import { normalizationKind } from '../../../engine/model/normalization-kind.js';
import { applyPasses, type PassStep } from '../../../engine/model/passes/apply-passes.js';
import { miniResnet } from './graph-support/mini-resnet.js';
import { tinyModel } from './graph-support/tiny-model.js';

const resnet = miniResnet({ blocks: [1, 1, 1, 1], kind: 'basic' });

describe('normalizationKind', () => {
  it.each<[string, PassStep[]]>([
    ['bn', []],
    ['in', [{ pass: 'bn-to-in' }]],
    ['gn', [{ pass: 'bn-to-gn', groups: 2 }]],
    ['ln', [{ pass: 'bn-to-ln' }]],
    ['ibn-a', [{ pass: 'bn-to-ibn-a' }]],
    ['ibn-b', [{ pass: 'add-ibn-b' }, { pass: 'bn-to-in', stages: ['stem'] }]],
    ['mixed', [{ pass: 'bn-to-in', stages: [1] }]],
    ['mixed', [{ pass: 'bn-to-in', stages: ['stem'] }]],
    [
      'mixed',
      [
        { pass: 'bn-to-in', stages: [1] },
        { pass: 'bn-to-gn', stages: [2], groups: 1 },
      ],
    ],
    ['folded', [{ pass: 'fold-bn' }]],
    ['ibn-a', [{ pass: 'bn-to-ibn-a' }, { pass: 'fold-bn', stages: [4] }]],
    ['mixed', [{ pass: 'mix' }]],
  ])('is %s after %j', (kind, steps) => {
    const { model, passes } = applyPasses(resnet, steps);
    expect(normalizationKind(new Graph(model), passes)).toBe(kind);
  });

  it('is none where nothing could be normalised', () => {
    const model = tinyModel({ nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }] });
    expect(normalizationKind(new Graph(model))).toBe('none');
  });
});
