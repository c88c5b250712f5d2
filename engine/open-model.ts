import type { WindowEdges } from './descriptor/window.js';
import type { FixedInputs, Manifest } from './model/manifest.js';
import type { Pixels } from './types.js';

/** Milliseconds: of the input's making, of the network or extractor, of the chain. */
export type DescribeTimings = Record<'tensor' | 'inference' | 'pooling', number>;

/** Where a network sees something in a picture: the sum over channels for each cell, see activationMap. */
export interface Activation {
  height: number;
  width: number;
  /** [height * width], row by row. */
  data: Float64Array;
  timings: DescribeTimings;
}

export interface DescribedWindows {
  /** In the order asked: descriptor [D], |d| = 1, or null of a part in which there is nothing to see. */
  descriptors: (Float32Array | null)[];
  timings: DescribeTimings;
}

/** A model whose files are read: pixels -> descriptor, whatever is in between. */
export interface OpenModel {
  manifest: Manifest;
  /** A picture at one scale -> [D], |d| = 1. @throws image_too_plain */
  describe(pixels: Pixels, inputs?: FixedInputs): Promise<{ descriptor: Float32Array; timings: DescribeTimings }>;
  /** @throws invalid_request if the model is no network */
  activation(pixels: Pixels): Promise<Activation>;
  /** Parts of a picture that is given whole, at any size. */
  describeWindows(pixels: Pixels, windows: readonly WindowEdges[]): Promise<DescribedWindows>;
  close(): Promise<void>;
}
