import { LikenessError } from '../../errors.js';
import type { Graph } from '../graph/graph.js';
import type { NormSite } from '../graph/norm-site.js';
import { normSites, siteNamed } from '../graph/norm-sites.js';
import type { SiteSelection } from './pass.js';

/** What a pass can work on: `wanted` says in words what `fits` tests. */
export interface Fit {
  wanted: string;
  fits: (site: NormSite) => boolean;
}

/** Batch normalisation of feature maps, of any stage. */
export const BATCH_NORM_OF_MAPS: Fit = {
  wanted: 'a batch normalisation of feature maps',
  fits: ({ kind, stage }) => kind === 'batch' && stage !== undefined,
};

/**
 * @returns the sites that a pass is to rewrite, in the order of the network; at least one.
 * @throws invalid_request if a named site does not exist or does not fit, or if no site fits.
 */
export function selectSites(graph: Graph, { stages, sites: names }: SiteSelection, fit: Fit): NormSite[] {
  if (stages !== undefined && names !== undefined) throw invalid('expected stages or sites, got both');
  const sites = normSites(graph);
  if (names !== undefined) return [...new Set(names)].map((name) => fitting(siteNamed(sites, name), fit));
  const found = sites.filter((site) => fit.fits(site) && inStages(site, stages));
  if (found.length > 0) return found;
  const where = stages === undefined ? 'in the network' : `in stages ${stages.join(', ')}`;
  throw invalid(`expected ${fit.wanted} ${where}, found none`);
}

function fitting(site: NormSite, { wanted, fits }: Fit): NormSite {
  if (fits(site)) return site;
  throw invalid(`expected ${wanted} at ${site.name}, found kind ${site.kind} with ${site.channels} channels`);
}

function inStages({ stage }: NormSite, stages: SiteSelection['stages']): boolean {
  return stages === undefined || (stage !== undefined && stages.includes(stage));
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
