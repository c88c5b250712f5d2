import { join } from 'node:path';
import { activationMap } from './descriptor/activation-map.js';
import { chainDimension, compileChain, type DescriptorChain } from './descriptor/chain.js';
import { maskWeights } from './descriptor/mask-weights.js';
import { mergeScales } from './descriptor/merge-scales.js';
import { perceptualHash } from './duplicates/perceptual-hash.js';
import { LikenessError } from './errors.js';
import { preprocessPixels } from './image/raw-pixels.js';
import { pixelsToTensor } from './image/tensor.js';
import { stageFiles } from './model/chain-stage.js';
import { readFloat32File } from './model/float32-file.js';
import type { FixedInputs, Manifest } from './model/manifest.js';
import { loadModelFolder } from './model/model-folder.js';
import { Session } from './model/session.js';
import { pixelsAtScales } from './pixels-at-scales.js';
import type { FeatureMap, Pixels } from './types.js';

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
  timings: { tensor: number; inference: number; pooling: number };
}

export interface ActivationRequest {
  modelDirectory: string;
  /** All of a picture, of any size. */
  pixels: Pixels;
}

/** Where a network sees something in a picture: the sum over channels for each cell, see activationMap. */
export interface Activation {
  height: number;
  width: number;
  /** [height * width], row by row. */
  data: Float64Array;
  timings: Description['timings'];
}

interface OpenModel {
  manifest: Manifest;
  session: Session;
  chain: DescriptorChain;
}

/** Pixels -> tensor -> backbone -> descriptor, for every model that it was asked for; each is opened once. */
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

  /** The backbone's activation over a picture, before the chain. @throws what {@link open} throws */
  async activation(request: ActivationRequest): Promise<Activation> {
    return this.#inTurn(request.modelDirectory, (model) => activation(model, request));
  }

  async close(): Promise<void> {
    const models = await Promise.allSettled(this.#models.values());
    this.#models.clear();
    for (const model of models) if (model.status === 'fulfilled') await model.value.session.close();
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
  const { chain: stages, output, dimension } = manifest;
  const found = chainDimension(stages, output.channels);
  if (found !== dimension) {
    throw new LikenessError(
      'model_invalid',
      `model ${manifest.name}: expected dimension ${found} of its chain, got ${dimension}`,
    );
  }
  const files: Record<string, Float32Array> = {};
  for (const { file } of stages.flatMap(stageFiles)) files[file] = await readFloat32File(join(directory, file));
  const chain = compileChain(stages, output.channels, files);
  return { manifest, chain, session: await Session.open(join(directory, manifest.file), manifest) };
}

/** At every scale of the model; the timings are those of all. */
async function describe(model: OpenModel, { pixels, inputs }: DescribeRequest): Promise<Description> {
  const { preprocess, chain } = model.manifest;
  const timings = { tensor: 0, inference: 0, pooling: 0 };
  const descriptors: Float32Array[] = [];
  for (const scaled of await pixelsAtScales(pixels, preprocess)) {
    const start = performance.now();
    const tensor = pixelsToTensor(scaled, model.manifest.input);
    const built = performance.now();
    const map = await model.session.run(tensor, scaled.height, scaled.width, inputs);
    const inferred = performance.now();
    descriptors.push(model.chain(map, cellWeights(scaled, map)));
    timings.tensor += built - start;
    timings.inference += inferred - built;
    timings.pooling += performance.now() - inferred;
  }
  return { descriptor: mergeScales(descriptors, chain), perceptualHash: perceptualHash(pixels), timings };
}

async function activation({ manifest, session }: OpenModel, { pixels }: ActivationRequest): Promise<Activation> {
  const start = performance.now();
  const { preprocess, input } = manifest;
  // a network of fixed sides sees the picture squeezed to them
  const seen = session.takes(pixels.height, pixels.width)
    ? pixels
    : await preprocessPixels(pixels, { ...preprocess, policy: 'stretch', scales: undefined });
  const tensor = pixelsToTensor(seen, input);
  const built = performance.now();
  const map = await session.run(tensor, seen.height, seen.width);
  const inferred = performance.now();
  const data = activationMap(map, cellWeights(seen, map));
  const timings = { tensor: built - start, inference: inferred - built, pooling: performance.now() - inferred };
  return { height: map.height, width: map.width, data, timings };
}

/** Transparent pixels do not count in pooling. */
function cellWeights({ mask, height, width }: Pixels, map: FeatureMap): Float32Array | undefined {
  return mask === undefined ? undefined : maskWeights(mask, height, width, map.height, map.width);
}
