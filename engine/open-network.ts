import { join } from 'node:path';
import { activationMap } from './descriptor/activation-map.js';
import { compileChain, type DescriptorChain } from './descriptor/chain.js';
import { maskWeights } from './descriptor/mask-weights.js';
import { unlessPlain } from './descriptor/plain.js';
import { planeWindow, windowCells, windowOf, type WindowEdges } from './descriptor/window.js';
import { preprocessPixels } from './image/raw-pixels.js';
import { pixelsToTensor } from './image/tensor.js';
import type { FixedInputs, NetworkManifest } from './model/manifest.js';
import { Session } from './model/session.js';
import type { Activation, DescribedWindows, DescribeTimings, OpenModel } from './open-model.js';
import type { FeatureMap, Pixels } from './types.js';

/** A network and its chain: pixels -> tensor -> feature map -> descriptor. */
export class OpenNetwork implements OpenModel {
  readonly manifest: NetworkManifest;
  readonly #session: Session;
  readonly #chain: DescriptorChain;

  private constructor(manifest: NetworkManifest, session: Session, chain: DescriptorChain) {
    this.manifest = manifest;
    this.#session = session;
    this.#chain = chain;
  }

  /** @param values of each file that the chain names. @throws model_invalid */
  static async open(
    directory: string,
    manifest: NetworkManifest,
    values: Record<string, Float32Array>,
  ): Promise<OpenNetwork> {
    const chain = compileChain(manifest.chain, manifest.output.channels, values);
    return new OpenNetwork(manifest, await Session.open(join(directory, manifest.file), manifest), chain);
  }

  async describe(
    pixels: Pixels,
    inputs?: FixedInputs,
  ): Promise<{ descriptor: Float32Array; timings: DescribeTimings }> {
    const { map, tensor, inference } = await this.#run(pixels, inputs);
    const start = performance.now();
    const descriptor = this.#chain(map, cellWeights(pixels, map));
    return { descriptor, timings: { tensor, inference, pooling: performance.now() - start } };
  }

  async activation(pixels: Pixels): Promise<Activation> {
    const { map, weights, timings } = await this.#mapOfAll(pixels);
    const start = performance.now();
    const data = activationMap(map, weights);
    return { height: map.height, width: map.width, data, timings: { ...timings, pooling: performance.now() - start } };
  }

  /** Pooled from the one map of all of the picture. */
  async describeWindows(pixels: Pixels, windows: readonly WindowEdges[]): Promise<DescribedWindows> {
    const { map, weights, timings } = await this.#mapOfAll(pixels);
    const start = performance.now();
    const descriptors = windows.map((window) => {
      const cells = windowCells(window, map.height, map.width);
      return unlessPlain(() => this.#chain(windowOf(map, cells), weights && planeWindow(weights, map.width, cells)));
    });
    return { descriptors, timings: { ...timings, pooling: performance.now() - start } };
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #mapOfAll(pixels: Pixels) {
    const start = performance.now();
    // a network of fixed sides sees the picture squeezed to them
    const seen = this.#session.takes(pixels.height, pixels.width)
      ? pixels
      : await preprocessPixels(pixels, { ...this.manifest.preprocess, policy: 'stretch', scales: undefined });
    const squeezed = performance.now();
    const { map, tensor, inference } = await this.#run(seen);
    return { map, weights: cellWeights(seen, map), timings: { tensor: squeezed - start + tensor, inference } };
  }

  async #run(pixels: Pixels, inputs?: FixedInputs): Promise<{ map: FeatureMap; tensor: number; inference: number }> {
    const start = performance.now();
    const tensor = pixelsToTensor(pixels, this.manifest.input);
    const built = performance.now();
    const map = await this.#session.run(tensor, pixels.height, pixels.width, inputs);
    return { map, tensor: built - start, inference: performance.now() - built };
  }
}

/** Transparent pixels do not count in pooling. */
function cellWeights({ mask, height, width }: Pixels, map: FeatureMap): Float32Array | undefined {
  return mask === undefined ? undefined : maskWeights(mask, height, width, map.height, map.width);
}
