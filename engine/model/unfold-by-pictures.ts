import { Graph } from './graph/graph.js';
import type { NetworkManifest } from './manifest.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { parseOptions, siteSelectionSchema, type PassResult, type SiteSelection } from './passes/pass.js';
import { selectSites } from './passes/select-sites.js';
import { FOLDED, unfold } from './passes/unfold.js';
import { refuseNone, singles, type PictureInput } from './picture-batches.js';
import { pooledStatistics } from './pooled-statistics.js';

/**
 * Puts batch norms behind folded convolutions, with the exact statistics of their outputs over pictures. What the network
 * gives stays as it was, so all sites are measured in one run. Blocks the thread while the network runs.
 * @throws invalid_request without pictures, or if no site fits; model_invalid for a network that cannot be measured.
 */
export async function unfoldByPictures(
  network: ModelProto,
  manifest: NetworkManifest,
  pictures: readonly PictureInput[],
  options: SiteSelection & { onProgress?: (done: number, total: number) => void } = {},
): Promise<PassResult> {
  refuseNone(pictures);
  const { onProgress, ...rest } = options;
  const selection = parseOptions(siteSelectionSchema, rest);
  const sites = selectSites(new Graph(network), selection, FOLDED).map(({ name }) => name);
  let done = 0;
  const onBatch = (count: number) => onProgress?.((done += count), pictures.length);
  const run = { sites, normalize: 'stored' as const, batches: singles(pictures), onBatch };
  const { model, provenance } = unfold(network, { statistics: await pooledStatistics(network, manifest, run) });
  return { model, provenance: { ...provenance, options: { ...selection, pictures: pictures.length } } };
}
