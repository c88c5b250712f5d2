import { join } from 'node:path';
import { descriptorDimension } from './descriptor-dimension.js';
import { mergeScales } from './descriptor/merge-scales.js';
import type { WindowEdges } from './descriptor/window.js';
import { perceptualHash } from './duplicates/perceptual-hash.js';
import { LikenessError } from './errors.js';
import { readFloat32File } from './model/float32-file.js';
import { isNetwork, type FixedInputs, type Manifest } from './model/manifest.js';
import { loadModelFolder, valueFiles } from './model/model-folder.js';
import { OpenClassical } from './open-classical.js';
import type { Activation, DescribedWindows, DescribeTimings, OpenModel } from './open-model.js';
import { OpenNetwork } from './open-network.js';
import { pixelsAtScales } from './pixels-at-scales.js';
import type { Pixels } from './types.js';

export interface DescribeRequest {
  modelDirectory: string;
  /** As the model's preprocessing cuts them. */
  pixels: Pixels;
  /** In place of values that the manifest fixes. */
  inputs?: FixedInputs;
}

/** A picture's descriptor [D], |d| = 1, the hash of its pixels, and where the time went. */
export interface Description {
  descriptor: Float32Array;
  perceptualHash: string;
  timings: DescribeTimings;
}

export interface ActivationRequest {
  modelDirectory: string;
  /** All of a picture, of any size. */
  pixels: Pixels;
}

export interface WindowsRequest extends ActivationRequest {
  windows: WindowEdges[];
}

/** Pixels -> descriptor, for every model that it was asked for; each is opened once. */
export class Extraction {
  readonly #models = new Map<string, Promise<OpenModel>>();
  #last: Promise<unknown> = Promise.resolve();

  /** Opens a model, if it is not open. @throws model_not_found, model_invalid. */
  async open(modelDirectory: string): Promise<void> {
    await this.#model(modelDirectory);
  }

  /**
   * Describes one picture. Requests run one after another, so that each one's timings are its own.
   * @throws image_too_plain, and what {@link open} throws.
   */
  async describe(request: DescribeRequest): Promise<Description> {
    return this.#inTurn(request.modelDirectory, (model) => describe(model, request));
  }

  /** The backbone's activation over a picture, before the chain. @throws what {@link open} throws; invalid_request without a network */
  async activation(request: ActivationRequest): Promise<Activation> {
    return this.#inTurn(request.modelDirectory, (model) => model.activation(request.pixels));
  }

  async close(): Promise<void> {
    const models = await Promise.allSettled(this.#models.values());
    this.#models.clear();
    for (const model of models) if (model.status === 'fulfilled') await model.value.close();
  }

  /**
   * Descriptors of parts of a picture; of a network they are pooled from one map of all of it, so that they cost one run,
   * however many there are.
   * @throws what {@link open} throws
   */
  async describeWindows(request: WindowsRequest): Promise<DescribedWindows> {
    return this.#inTurn(request.modelDirectory, (model) => model.describeWindows(request.pixels, request.windows));
  }

  async #inTurn<T>(modelDirectory: string, work: (model: OpenModel) => Promise<T>): Promise<T> {
    const model = await this.#model(modelDirectory);
    const result = this.#last.then(() => work(model));
    this.#last = result.catch(() => undefined);
    return result;
  }

  #model(directory: string): Promise<OpenModel> {
    const present = this.#models.get(directory);
    if (present !== undefined) return present;
    const opening = openModel(directory);
    this.#models.set(directory, opening);
    // a model that could not be opened may be mended, so the next request tries again
    opening.catch(() => this.#models.delete(directory));
    return opening;
  }
}

async function openModel(directory: string): Promise<OpenModel> {
  const { manifest } = await loadModelFolder(directory);
  refuseOtherDimension(manifest);
  const values: Record<string, Float32Array> = {};
  for (const { file } of valueFiles(manifest)) values[file] = await readFloat32File(join(directory, file));
  return isNetwork(manifest) ? OpenNetwork.open(directory, manifest, values) : new OpenClassical(manifest, values);
}

function refuseOtherDimension(manifest: Manifest): void {
  const found = descriptorDimension(manifest, manifest.chain);
  if (found === manifest.dimension) return;
  throw new LikenessError(
    'model_invalid',
    `model ${manifest.name}: expected dimension ${found} of its chain, got ${manifest.dimension}`,
  );
}

/** At every scale of the model; the timings are those of all. */
async function describe(model: OpenModel, { pixels, inputs }: DescribeRequest): Promise<Description> {
  const { preprocess, chain } = model.manifest;
  const timings: DescribeTimings = { tensor: 0, inference: 0, pooling: 0 };
  const descriptors: Float32Array[] = [];
  for (const scaled of await pixelsAtScales(pixels, preprocess)) {
    const { descriptor, timings: own } = await model.describe(scaled, inputs);
    descriptors.push(descriptor);
    timings.tensor += own.tensor;
    timings.inference += own.inference;
    timings.pooling += own.pooling;
  }
  return { descriptor: mergeScales(descriptors, chain), perceptualHash: perceptualHash(pixels), timings };
}
