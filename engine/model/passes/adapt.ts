/**
 * Gives batch normalisation the statistics of other pictures (AdaBN, Li et al. 2016), such as those of a gallery.
 *
 *   before   x -> BatchNormalization(scale, bias, mean, variance) -> y
 *   after    x -> BatchNormalization(scale, bias, new mean, new variance) -> y
 *
 * Statistics of a deep site depend on what the sites before it are given: measure them in one run with batch statistics
 * everywhere, or site by site, each with those before it adapted already. Gallery and queries need the same ones.
 * Conditions: batch normalisation; of a network in which it is folded, unfold first.
 */
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm } from './batch-norm.js';
import { provenanceOf, type PassResult } from './pass.js';
import { selectSites, type Fit } from './select-sites.js';
import { checkStatistics, sitesOf, type ChannelStatistics, type SiteStatistics } from './statistics.js';

const BATCH_NORM: Fit = { wanted: 'a batch normalisation', fits: ({ kind }) => kind === 'batch' };

/**
 * @param options statistics of the input of each site to adapt; other sites keep theirs.
 * @throws invalid_request for a name that is no batch norm, or wrong statistics; model_invalid for a norm in training mode
 * or with integer weights.
 */
export function adapt(model: ModelProto, options: { statistics: SiteStatistics }): PassResult {
  const graph = new Graph(model);
  const names = sitesOf(options.statistics);
  for (const site of selectSites(graph, { sites: names }, BATCH_NORM)) {
    adaptInPlace(graph, site, options.statistics[site.name]!);
  }
  return { model: graph.toModel(), provenance: provenanceOf('adapt', {}, names) };
}

/** New tensors in place of new values in the old ones: another site may share those. */
function adaptInPlace(graph: Graph, site: NormSite, statistics: ChannelStatistics): void {
  checkStatistics(site.name, site.channels, statistics);
  const { node } = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/adapt`, site.floatType);
  const { mean, variance } = statistics;
  graph.setInputs(node, [...node.input.slice(0, 3), build.floats('mean', mean), build.floats('variance', variance)]);
}
