import { readFile } from 'node:fs/promises';
import type { EvaluatedSystem } from '../../engine/evaluate/evaluation-plan.js';
import type { EvaluationItem } from '../../engine/evaluate/protocol.js';
import type { Transform } from '../../engine/evaluate/transforms/transform.js';
import type { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import { preprocessPixels } from '../../engine/image/raw-pixels.js';
import { atScale, largestScale } from '../../engine/image/resize-plan.js';
import type { FixedInputs, Preprocess } from '../../engine/model/manifest.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { Pixels } from '../../engine/types.js';

export interface DescriberOptions {
  /** The model's folder. */
  directory: string;
  preprocess: Preprocess;
  limits: ImageLimits;
  extractor: Extractor;
  /** Values of inputs of the network, in place of those that its manifest fixes. */
  inputs?: FixedInputs;
}

/** @returns a function from picture file to descriptor, the transform applied in between. */
export function pictureDescriber(options: DescriberOptions): EvaluatedSystem['describe'] {
  const { directory, extractor } = options;
  return async (item, transform) => {
    const pixels =
      transform === undefined ? await decode(item, options) : await decodeChanged(item, transform, options);
    return (await extractor.describe(directory, pixels, pickDefined(options, ['inputs']))).descriptor;
  };
}

/**
 * The whole picture at the size of the network's input, changed, then cut as the model wants it: a change of nothing gives
 * a centre crop bit for bit as without this detour, so that a drop is the change's alone.
 */
async function decodeChanged(item: EvaluationItem, transform: Transform, options: DescriberOptions): Promise<Pixels> {
  const { size, kernel } = atScale(options.preprocess, largestScale(options.preprocess));
  const whole = { policy: 'fit' as const, size, kernel, maxAspect: 8, multipleOf: 1 };
  const pixels = await decode(item, { ...options, preprocess: whole });
  return preprocessPixels(await transform.apply(pixels), options.preprocess);
}

async function decode(
  { path, region }: EvaluationItem,
  { limits, preprocess }: Pick<DescriberOptions, 'limits' | 'preprocess'>,
): Promise<Pixels> {
  return (await decodeImage(await readFile(path), { limits, preprocess, region })).pixels;
}
