import { decodeView } from '../image/decode.js';
import type { ImageLimits } from '../image/limits.js';
import type { ImageFacts } from '../image/probe.js';
import { resolveRegion } from '../image/region.js';
import type { ScoredBox } from '../regions/box.js';
import type { Subject, Timings } from '../types.js';
import type { SubjectSource } from './subject-sources.js';

export interface FoundSubjects {
  /** Best first; none where nothing stands out. */
  subjects: Subject[];
  facts: ImageFacts;
  timings: Timings;
}

/** Finds what a picture shows: decode (libuv threads), then a look at all of it (workers). */
export class SubjectFinder {
  readonly #source: SubjectSource;
  readonly #limits: ImageLimits;

  constructor(source: SubjectSource, limits: ImageLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** @param mask what is black in it is not seen. @throws the image codes of the catalogue */
  async find(bytes: Uint8Array, signal?: AbortSignal, mask?: Uint8Array): Promise<FoundSubjects> {
    const started = performance.now();
    const { plan, kernel } = this.#source;
    const { pixels, facts } = await decodeView(bytes, { limits: this.#limits, plan, kernel, mask });
    const decode = performance.now() - started;
    const { boxes, timings } = await this.#source.locate(pixels, signal);
    return { subjects: boxes.map((box) => toSubject(box, facts)), facts, timings: { decode, ...timings } };
  }
}

/** @param box in fractions of the picture */
function toSubject({ left, top, right, bottom, ...rest }: ScoredBox, size: ImageFacts): Subject {
  const region = { x: left, y: top, width: right - left, height: bottom - top };
  return { box: resolveRegion(region, size), ...rest };
}
