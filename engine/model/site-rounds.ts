import type { Graph } from './graph/graph.js';
import type { NormSite } from './graph/norm-site.js';
import { valuesRead } from './graph/value-uses.js';

/**
 * Sorts sites into rounds by how many of them lie before each on its longest way from the picture: a site depends on
 * those of earlier rounds only, and those of one round not on each other.
 */
export function siteRounds(graph: Graph, sites: readonly NormSite[]): NormSite[][] {
  const outputs = new Set(sites.map(({ output }) => output));
  const passed = new Map<string, number>();
  for (const node of graph.nodes) {
    const before = Math.max(0, ...valuesRead(node).map((value) => passed.get(value) ?? 0));
    for (const value of node.output) passed.set(value, before + (outputs.has(value) ? 1 : 0));
  }
  const rounds: NormSite[][] = [];
  for (const site of sites) (rounds[(passed.get(site.output) ?? 1) - 1] ??= []).push(site);
  return rounds;
}
