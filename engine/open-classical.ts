import { compileExtractor, type PictureExtractor } from './classical/global/compile-extractor.js';
import { compileVectorChain, type VectorStage } from './descriptor/chain.js';
import { unlessPlain } from './descriptor/plain.js';
import { windowCells, type WindowEdges } from './descriptor/window.js';
import { LikenessError } from './errors.js';
import { cropPixels } from './image/crop.js';
import { preprocessPixels } from './image/raw-pixels.js';
import type { ClassicalManifest } from './model/manifest.js';
import type { Activation, DescribedWindows, DescribeTimings, OpenModel } from './open-model.js';
import type { Pixels } from './types.js';

/** A model without a network: pixels -> vector of an extractor -> descriptor. */
export class OpenClassical implements OpenModel {
  readonly manifest: ClassicalManifest;
  readonly #extract: PictureExtractor;
  readonly #chain: VectorStage;

  /** @param values of each file that the extractor and the chain name. @throws model_invalid */
  constructor(manifest: ClassicalManifest, values: Record<string, Float32Array>) {
    const { extractor, chain } = manifest;
    this.manifest = manifest;
    this.#extract = compileExtractor(extractor, 'file' in extractor ? values[extractor.file]! : new Float32Array());
    this.#chain = compileVectorChain(chain, values);
  }

  describe(pixels: Pixels): Promise<{ descriptor: Float32Array; timings: DescribeTimings }> {
    const start = performance.now();
    const vector = refuseEmpty(this.#extract(pixels));
    const extracted = performance.now();
    const descriptor = this.#chain(vector);
    const timings = { tensor: 0, inference: extracted - start, pooling: performance.now() - extracted };
    return Promise.resolve({ descriptor, timings });
  }

  activation(): Promise<Activation> {
    const { name } = this.manifest;
    return Promise.reject(
      new LikenessError('invalid_request', `expected a model that is a network, to find subjects with, got ${name}`),
    );
  }

  /** Each from its own pixels. */
  async describeWindows(pixels: Pixels, windows: readonly WindowEdges[]): Promise<DescribedWindows> {
    const start = performance.now();
    const descriptors: DescribedWindows['descriptors'] = [];
    for (const window of windows) {
      const part = cropPixels(pixels, windowCells(window, pixels.height, pixels.width));
      const cut = await preprocessPixels(part, this.manifest.preprocess);
      descriptors.push(unlessPlain(() => this.#chain(refuseEmpty(this.#extract(cut)))));
    }
    return { descriptors, timings: { tensor: 0, inference: performance.now() - start, pooling: 0 } };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A projection's bias would make a vector of nothing look like any other. */
function refuseEmpty(vector: Float32Array): Float32Array {
  if (vector.some((value) => value !== 0)) return vector;
  throw new LikenessError('image_too_plain', 'expected a picture with something to see: nothing stands out in it');
}
