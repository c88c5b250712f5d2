import type { Extractor } from '../extractor.js';
import { decodeImage } from '../image/decode.js';
import type { ImageLimits } from '../image/limits.js';
import type { ImageFacts } from '../image/probe.js';
import { resolveRegion } from '../image/region.js';
import { planWholeView } from '../image/resize-plan.js';
import type { LoadedManifest } from '../model/model-folder.js';
import type { ScoredBox } from '../regions/box.js';
import { salientBoxes } from '../regions/salient-boxes.js';
import type { Subject, Timings } from '../types.js';

/**
 * The picture is looked at this much larger than the model describes it: the map is finer by as much, and a small subject
 * takes more than a cell or two of it.
 */
const VIEW_SCALE = 1.5;

export interface FoundSubjects {
  /** Best first; none where nothing stands out. */
  subjects: Subject[];
  facts: ImageFacts;
  timings: Timings;
}

/** Finds what a picture shows: decode (libuv threads), then the backbone's activation (workers). */
export class SubjectFinder {
  readonly #model: LoadedManifest;
  readonly #extractor: Extractor;
  readonly #limits: ImageLimits;

  constructor(model: LoadedManifest, extractor: Extractor, limits: ImageLimits) {
    this.#model = model;
    this.#extractor = extractor;
    this.#limits = limits;
  }

  /** @throws the image codes of the catalogue */
  async find(bytes: Uint8Array, signal?: AbortSignal): Promise<FoundSubjects> {
    const started = performance.now();
    const { directory, manifest } = this.#model;
    const { preprocess } = manifest;
    const plan = (width: number, height: number) => planWholeView(width, height, preprocess, VIEW_SCALE);
    const { pixels, facts } = await decodeImage(bytes, { limits: this.#limits, preprocess, plan });
    const decode = performance.now() - started;
    const { timings, ...grid } = await this.#extractor.activation(directory, pixels, signal);
    const subjects = salientBoxes(grid).map((box) => toSubject(box, facts));
    return { subjects, facts, timings: { decode, ...timings } };
  }
}

/** @param box in fractions of the picture */
function toSubject({ left, top, right, bottom, ...rest }: ScoredBox, size: ImageFacts): Subject {
  const region = { x: left, y: top, width: right - left, height: bottom - top };
  return { box: resolveRegion(region, size), ...rest };
}
