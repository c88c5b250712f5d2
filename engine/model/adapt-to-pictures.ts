import { LikenessError } from '../errors.js';
import { Graph } from './graph/graph.js';
import type { Manifest } from './manifest.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { adapt } from './passes/adapt.js';
import { parseOptions, siteSelectionSchema, type PassResult, type SiteSelection } from './passes/pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './passes/select-sites.js';
import { pooledStatistics, type PictureBatch } from './pooled-statistics.js';
import { siteRounds } from './site-rounds.js';

/** Pictures of one batch; more lie closer to the statistics of all, and take more memory. */
const BATCH_PICTURES = 32;

/** A picture as the network takes it; made when asked for, so that thousands need not lie in memory as floats. */
export interface PictureInput {
  height: number;
  width: number;
  /** [3,height,width], or [height,width,3] where the manifest's layout is nhwc. */
  tensor: () => Float32Array;
}

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
  manifest: Manifest,
  pictures: readonly PictureInput[],
  options: AdaptOptions,
): Promise<PassResult> {
  if (pictures.length === 0) throw new LikenessError('invalid_request', 'expected at least one picture, got none');
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

function* singles(pictures: readonly PictureInput[]): Generator<PictureBatch> {
  for (const { height, width, tensor } of pictures) yield { count: 1, height, width, data: tensor() };
}

/** Batches as like in size as can be: the statistics of a small rest would be worth little. */
function* evenBatches(pictures: readonly PictureInput[]): Generator<PictureBatch> {
  const { height, width } = sizeOfAll(pictures);
  const batches = Math.ceil(pictures.length / BATCH_PICTURES);
  for (let i = 0; i < batches; i++) {
    const part = pictures.slice(
      Math.floor((i * pictures.length) / batches),
      Math.floor(((i + 1) * pictures.length) / batches),
    );
    const data = new Float32Array(part.length * 3 * height * width);
    for (const [k, picture] of part.entries()) data.set(picture.tensor(), k * 3 * height * width);
    yield { count: part.length, height, width, data };
  }
}

function sizeOfAll(pictures: readonly PictureInput[]): { height: number; width: number } {
  const [first, ...others] = pictures as [PictureInput, ...PictureInput[]];
  const other = others.find(({ height, width }) => height !== first.height || width !== first.width);
  if (other === undefined) return first;
  const sizes = `${first.width}x${first.height} and ${other.width}x${other.height}`;
  throw new LikenessError(
    'invalid_request',
    `method batch: expected pictures of one size, got ${sizes}; use method layers`,
  );
}
