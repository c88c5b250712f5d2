import type { ExtractOptions, Extractor } from '../extractor.js';
import { decodeImage } from '../image/decode.js';
import type { ImageLimits } from '../image/limits.js';
import type { ImageFacts } from '../image/probe.js';
import type { LoadedManifest } from '../model/model-folder.js';
import { checkQueryInputs } from '../model/query-inputs.js';
import { pickDefined } from '../pick-defined.js';
import type { Region, Timings } from '../types.js';

export interface Description {
  /** Unit descriptor. */
  vector: Float32Array;
  /** Of the pixels that were described. */
  perceptualHash: string;
  facts: ImageFacts;
  /** The region that was described, in oriented pixels. */
  region?: Region;
  timings: Timings;
}

export interface DescribeOptions extends ExtractOptions {
  /** The part to describe, in oriented coordinates. */
  region?: Region;
  /** Share of the region's size that is added on each side. */
  context?: number;
  /** A picture of the same oriented size: what is black in it does not count. */
  mask?: Uint8Array;
}

/** Turns picture bytes into a descriptor with one model: decode (libuv threads), then tensor, backbone and chain (workers). */
export class Describer {
  readonly model: LoadedManifest;
  readonly #extractor: Extractor;
  readonly #limits: ImageLimits;

  constructor(model: LoadedManifest, extractor: Extractor, limits: ImageLimits) {
    this.model = model;
    this.#extractor = extractor;
    this.#limits = limits;
  }

  /** @throws the image codes of the catalogue (`unsupported_format`, `image_too_plain`, ...); `invalid_request` for inputs */
  async describe(bytes: Uint8Array, options: DescribeOptions = {}): Promise<Description> {
    if (options.inputs !== undefined) checkQueryInputs(this.model.manifest, options.inputs);
    const started = performance.now();
    const decoded = await decodeImage(bytes, {
      limits: this.#limits,
      preprocess: this.model.manifest.preprocess,
      ...pickDefined(options, ['region', 'context', 'mask']),
    });
    const decode = performance.now() - started;
    const extracted = await this.#extractor.describe(
      this.model.directory,
      decoded.pixels,
      pickDefined(options, ['signal', 'inputs']),
    );
    return {
      vector: extracted.descriptor,
      perceptualHash: extracted.perceptualHash,
      facts: decoded.facts,
      ...(decoded.region === undefined ? {} : { region: decoded.region }),
      timings: { decode, ...extracted.timings },
    };
  }
}
