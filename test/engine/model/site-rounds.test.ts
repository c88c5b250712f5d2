import { describe, expect, it } from 'vitest';
import { Graph } from '../../../engine/model/graph/graph.js';
import { normSites } from '../../../engine/model/graph/norm-sites.js';
import { siteRounds } from '../../../engine/model/site-rounds.js';
import { miniResnet } from './graph-support/mini-resnet.js';

const graph = new Graph(miniResnet({ blocks: [1, 1], kind: 'basic' }));
const sites = normSites(graph);
const shortName = (name: string) => name.replace('BatchNormalization:', '');

describe('siteRounds', () => {
  it('puts sites of parallel ways into one round', () => {
    expect(siteRounds(graph, sites).map((round) => round.map(({ name }) => shortName(name)))).toEqual([
      ['bn1'],
      ['layer1.0.bn1'],
      ['layer1.0.bn2'],
      ['layer2.0.bn1', 'layer2.0.downsample.1'],
      ['layer2.0.bn2'],
    ]);
  });

  it('counts only the sites that it is given', () => {
    const some = sites.filter(({ name }) => /layer2|:bn1/.test(name));
    expect(siteRounds(graph, some).map((round) => round.length)).toEqual([1, 2, 1]);
  });
});
