import { LikenessError } from '../errors.js';
import { adaptToPictures, type AdaptOptions } from './adapt-to-pictures.js';
import { Graph } from './graph/graph.js';
import type { NetworkManifest } from './manifest.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { readBatchNorm } from './passes/batch-norm.js';
import { conditionalBn, type ConditionRow } from './passes/conditional-bn.js';
import type { PassResult } from './passes/pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './passes/select-sites.js';
import type { PictureInput } from './picture-batches.js';

/** Pictures of one domain, such as street photographs or shop pictures. */
export interface Domain {
  name: string;
  pictures: readonly PictureInput[];
}

/**
 * Makes batch norms conditional: each domain, by its place in the list, has the statistics of its own pictures (AdaBN for
 * each). The network gets an input `condition`, int64. Blocks the thread while the network runs.
 * @throws invalid_request for fewer than two domains, two of one name, or as {@link adaptToPictures}; model_invalid for a
 * network that cannot be measured.
 */
export async function conditionByDomains(
  network: ModelProto,
  manifest: NetworkManifest,
  domains: readonly Domain[],
  options: AdaptOptions,
): Promise<PassResult> {
  const names = checkNames(domains);
  const rows: Record<string, ConditionRow[]> = {};
  for (const { pictures } of domains) {
    const { model, provenance } = await adaptToPictures(network, manifest, pictures, options);
    for (const [site, row] of Object.entries(statisticsOf(model, provenance.sites))) (rows[site] ??= []).push(row);
  }
  const { model, provenance } = conditionalBn(network, {}, rows);
  const pictures = domains.map((domain) => domain.pictures.length);
  return { model, provenance: { ...provenance, options: { ...provenance.options, domains: names, pictures } } };
}

function statisticsOf(model: ModelProto, sites: string[]): Record<string, ConditionRow> {
  const graph = new Graph(model);
  const rows = selectSites(graph, { sites }, BATCH_NORM_OF_MAPS).map((site) => {
    const { mean, variance } = readBatchNorm(graph, site);
    return [site.name, { mean, variance }] as const;
  });
  return Object.fromEntries(rows);
}

function checkNames(domains: readonly Domain[]): string[] {
  const names = domains.map(({ name }) => name);
  if (names.length >= 2 && new Set(names).size === names.length) return names;
  throw new LikenessError(
    'invalid_request',
    `expected at least two domains of different names, got ${names.join(', ') || 'none'}`,
  );
}
