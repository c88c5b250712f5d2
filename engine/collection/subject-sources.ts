import type { Extractor } from '../extractor.js';
import type { ResizePlan } from '../image/resize-plan.js';
import { planWholeView } from '../image/resize-plan.js';
import type { LoadedDetector } from '../model/detector-folder.js';
import type { Preprocess } from '../model/manifest.js';
import type { LoadedManifest } from '../model/model-folder.js';
import type { ScoredBox } from '../regions/box.js';
import { fitInto } from '../regions/letterbox.js';
import { salientBoxes } from '../regions/salient-boxes.js';
import type { Pixels, Timings } from '../types.js';
import type { CollectionServices } from './services.js';

/** Something that finds boxes in pictures. */
export interface SubjectSource {
  /** The size at which it looks at all of a picture. */
  plan: (width: number, height: number) => ResizePlan;
  kernel: Preprocess['kernel'];
  /** @returns boxes in fractions of the picture, best first */
  locate: (pixels: Pixels, signal?: AbortSignal) => Promise<{ boxes: ScoredBox[]; timings: Timings }>;
}

/**
 * The picture is looked at this much larger than the model describes it: the map is finer by as much, and a small subject
 * takes more than a cell or two of it.
 */
const VIEW_SCALE = 1.5;

/** @returns the engine's detector where it has one, else the model's own activation. */
export function subjectSource(
  model: LoadedManifest,
  { detector, extractor }: Pick<CollectionServices, 'detector' | 'extractor'>,
): SubjectSource {
  return detector === undefined ? activationSource(model, extractor) : detectorSource(detector, extractor);
}

/** Without a network of its own: where the collection's backbone sees something. */
export function activationSource({ directory, manifest }: LoadedManifest, extractor: Extractor): SubjectSource {
  const { preprocess } = manifest;
  return {
    plan: (width, height) => planWholeView(width, height, preprocess, VIEW_SCALE),
    kernel: preprocess.kernel,
    locate: async (pixels, signal) => {
      const { timings, ...grid } = await extractor.activation(directory, pixels, signal);
      return { boxes: salientBoxes(grid), timings };
    },
  };
}

/** What a detector was trained to find. */
function detectorSource({ directory, manifest }: LoadedDetector, extractor: Extractor): SubjectSource {
  return {
    plan: (width, height) => ({ ...fitInto(manifest.size, width, height), fit: 'fill' }),
    kernel: 'linear',
    locate: (pixels, signal) => extractor.detect(directory, pixels, signal),
  };
}
