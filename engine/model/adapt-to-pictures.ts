import { Graph } from './graph/graph.js';
import type { NetworkManifest } from './manifest.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { adapt } from './passes/adapt.js';
import { parseOptions, siteSelectionSchema, type PassResult, type SiteSelection } from './passes/pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './passes/select-sites.js';
import { evenBatches, refuseNone, singles, type PictureInput } from './picture-batches.js';
import { pooledStatistics } from './pooled-statistics.js';
import { siteRounds } from './site-rounds.js';

export interface AdaptOptions extends SiteSelection {
  /**
   * layers: exact; as many runs over the pictures as sites lie behind each other, each with those before it adapted.
   * batch: one run in which every site norms by the statistics of its batch of 32.
   */
  method: 'layers' | 'batch';
  /** Told of pictures run, those of every run counted. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Gives batch norms the statistics of pictures (AdaBN, Li et al. 2016). What a site is given depends on the sites before
 * it, so all are never measured at once in the network as it was. Blocks the thread while the network runs.
 * @throws invalid_request without pictures, if no site fits, or for method batch if pictures differ in size; model_invalid
 * for a network that cannot be measured.
 */
export async function adaptToPictures(
  network: ModelProto,
  manifest: NetworkManifest,
  pictures: readonly PictureInput[],
  options: AdaptOptions,
): Promise<PassResult> {
  refuseNone(pictures);
  const { method, onProgress, ...rest } = options;
  const selection = parseOptions(siteSelectionSchema, rest);
  const graph = new Graph(network);
  const sites = selectSites(graph, selection, BATCH_NORM_OF_MAPS);
  const rounds = method === 'layers' ? siteRounds(graph, sites) : [sites];
  const batches = () => (method === 'layers' ? singles(pictures) : evenBatches(pictures));
  const normalize = method === 'layers' ? ('stored' as const) : ('batch' as const);
  let [model, done] = [network, 0];
  const onBatch = (count: number) => onProgress?.((done += count), rounds.length * pictures.length);
  for (const round of rounds) {
    const names = round.map(({ name }) => name);
    const run = { sites: names, normalize, batches: batches(), onBatch };
    model = adapt(model, { statistics: await pooledStatistics(model, manifest, run) }).model;
  }
  const facts = { ...selection, method, pictures: pictures.length };
  const names = sites.map(({ name }) => name);
  return { model, provenance: { pass: 'adapt', options: facts, sites: names, skipped: [], inputs: [] } };
}
