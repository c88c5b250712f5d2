import type { Graph } from './graph/graph.js';
import type { NormSite } from './graph/norm-site.js';
import { normSites } from './graph/norm-sites.js';
import type { NetworkManifest } from './manifest.js';
import type { Provenance } from './passes/pass.js';

type Kind = NetworkManifest['normalization']['kind'];

const OF_ONE_KIND: Record<NormSite['kind'], Kind> = {
  batch: 'bn',
  instance: 'in',
  group: 'gn',
  layer: 'ln',
  folded: 'folded',
};
/** Passes that leave norms of no plain kind. */
const MIXING = new Set(['mix', 'dynamic-ln', 'conditional-bn']);

/**
 * @param passes by which the network was made, as far as is known.
 * @returns how a network normalises, in the manifest's words; convolutions without a norm count only where there is none.
 */
export function normalizationKind(graph: Graph, passes: readonly Provenance[] = []): Kind {
  if (passes.some(({ pass }) => MIXING.has(pass))) return 'mixed';
  const sites = normSites(graph);
  const normed = sites.filter(({ kind }) => kind !== 'folded');
  const counted = normed.length > 0 ? normed : sites;
  const [first, second, ...others] = new Set(counted.map(({ kind }) => kind));
  if (first === undefined) return 'none';
  if (second === undefined) return OF_ONE_KIND[first];
  const batchAndInstance = others.length === 0 && [first, second].every((it) => it === 'batch' || it === 'instance');
  return batchAndInstance ? ibnKind(counted.filter(({ kind }) => kind === 'instance')) : 'mixed';
}

/** IBN-Net: a norms a part of the channels, b the stem and sums of residual blocks (Pan et al. 2018). */
function ibnKind(instance: readonly NormSite[]): Kind {
  if (instance.every(({ partOf }) => partOf !== undefined)) return 'ibn-a';
  const isSum = ({ block }: NormSite) => block?.way === 'after';
  const isIbnB = instance.some(isSum) && instance.every((site) => isSum(site) || site.stage === 'stem');
  return isIbnB ? 'ibn-b' : 'mixed';
}
