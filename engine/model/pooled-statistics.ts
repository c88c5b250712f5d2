import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { cpuQuota } from '../threads/cpu-quota.js';
import { fixedInputs } from './fixed-inputs.js';
import { Graph } from './graph/graph.js';
import { invalidModel } from './invalid-model.js';
import type { NetworkManifest } from './manifest.js';
import { writeOnnx } from './onnx/onnx-file.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import { measureStatistics, type StatisticsOutputs } from './passes/measure-statistics.js';
import { StatisticsPool } from './passes/statistics-pool.js';
import type { SiteStatistics } from './passes/statistics.js';
import { pictureTensor } from './picture-tensor.js';

/** Pictures of one size as the network takes them, [n,3,height,width] or [n,height,width,3] by the manifest's layout. */
export interface PictureBatch {
  count: number;
  height: number;
  width: number;
  data: Float32Array;
}

export interface PoolingRun {
  /** Names of batch norms. */
  sites: string[];
  /** What these sites norm by meanwhile, see passes/measure-statistics.ts. */
  normalize: 'stored' | 'batch';
  batches: Iterable<PictureBatch>;
  onBatch: (count: number) => void;
}

/**
 * Runs the part of a network that leads to some sites over all pictures. Blocks the thread while a batch runs.
 * @returns mean and population variance of what each site norms, over all pictures and pixels, pooled in float64.
 * @throws model_invalid if the network cannot be run, invalid_request if a site cannot be measured.
 */
export async function pooledStatistics(
  network: ModelProto,
  manifest: NetworkManifest,
  { sites, normalize, batches, onBatch }: PoolingRun,
): Promise<SiteStatistics> {
  const { model, outputs } = measureStatistics(network, { sites, normalize });
  const session = await openSession(leadingTo(model, outputs), manifest);
  try {
    const pools = new Map(outputs.map(({ site }) => [site, undefined as StatisticsPool | undefined]));
    const fixed = fixedInputs(session.inputMetadata, manifest);
    for (const { data, count, height, width } of batches) {
      const picture = pictureTensor(manifest.input, data, count, height, width);
      const given = await session.run({ ...fixed, [manifest.input.name]: picture });
      for (const output of outputs) pools.set(output.site, addTo(pools.get(output.site), output, given, manifest));
      onBatch(count);
    }
    return Object.fromEntries([...pools].flatMap(([site, pool]) => (pool ? [[site, pool.statistics]] : [])));
  } finally {
    await session.release();
  }
}

/** Without the network's own outputs, so that nothing behind the last site runs. */
function leadingTo(model: ModelProto, outputs: readonly StatisticsOutputs[]): ModelProto {
  const wanted = new Set(outputs.flatMap(({ mean, variance, size }) => [mean, variance, size]));
  const graph = new Graph(model);
  for (const { name } of [...graph.outputs]) if (!wanted.has(name)) graph.removeOutput(name);
  return graph.toModel();
}

async function openSession(model: ModelProto, manifest: NetworkManifest): Promise<InferenceSession> {
  const options = { executionProviders: ['cpu'], intraOpNumThreads: cpuQuota(), interOpNumThreads: 1 };
  return InferenceSession.create(writeOnnx(model), options).catch((cause: unknown) => {
    throw invalidModel(manifest, `expected a network that can be measured: ${(cause as Error).message}`, cause);
  });
}

function addTo(
  pool: StatisticsPool | undefined,
  { mean, variance, size }: StatisticsOutputs,
  given: Readonly<Record<string, Tensor>>,
  manifest: NetworkManifest,
): StatisticsPool {
  const moments = { mean: floatsOf(given[mean], manifest), variance: floatsOf(given[variance], manifest) };
  const channels = moments.mean.length;
  const grown = pool ?? new StatisticsPool(channels);
  grown.add(Number((given[size]!.data as BigInt64Array)[0]) / channels, moments);
  return grown;
}

function floatsOf(tensor: Tensor | undefined, manifest: NetworkManifest): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw invalidModel(manifest, `expected a network that computes in float32, found ${tensor?.type ?? 'none'}`);
}
