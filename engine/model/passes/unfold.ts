/**
 * Puts a batch normalisation behind a convolution into which one was folded, or that never had one, by moment matching.
 *
 *   before   x -> Conv -> y
 *   after    x -> Conv -> BatchNormalization(scale, bias, mean, variance) -> y
 *
 *   mean, variance of the convolution's output over pictures like those it was trained on;
 *   scale = sqrt(variance + epsilon), bias = mean: so y is what it was, and the other passes find a batch norm to work on
 *
 * Conditions: a folded site, between a convolution and its activation.
 */
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { provenanceOf, type PassResult } from './pass.js';
import { selectSites, type Fit } from './select-sites.js';
import { checkStatistics, sitesOf, type ChannelStatistics, type SiteStatistics } from './statistics.js';

/** Sites that unfold takes. */
export const FOLDED: Fit = {
  wanted: 'a convolution with bias and no norm behind it',
  fits: ({ kind }) => kind === 'folded',
};

/**
 * @param options statistics of the output of each convolution to put a norm behind.
 * @throws invalid_request for a name that is no folded site, or wrong statistics.
 */
export function unfold(model: ModelProto, options: { statistics: SiteStatistics }): PassResult {
  const graph = new Graph(model);
  const names = sitesOf(options.statistics);
  for (const site of selectSites(graph, { sites: names }, FOLDED)) {
    unfoldInPlace(graph, site, options.statistics[site.name]!);
  }
  return { model: graph.toModel(), provenance: provenanceOf('unfold', {}, names) };
}

function unfoldInPlace(graph: Graph, site: NormSite, statistics: ChannelStatistics): void {
  checkStatistics(site.name, site.channels, statistics);
  const { mean, variance } = statistics;
  const scale = Float64Array.from(variance, (it) => Math.sqrt(it + site.epsilon));
  graph.insertBehind(site.output, (x) => {
    const build = new NodeBuilder(graph, `${site.name}/unfold`, site.floatType);
    const vectors = [build.floats('scale', scale), build.floats('bias', mean)];
    const moments = [build.floats('mean', mean), build.floats('variance', variance)];
    return build.op('BatchNormalization', [x, ...vectors, ...moments], { epsilon: site.epsilon });
  });
}
