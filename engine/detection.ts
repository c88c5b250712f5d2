import { padToSquare } from './image/pad.js';
import { pixelsToTensor } from './image/tensor.js';
import { loadDetectorFolder } from './model/detector-folder.js';
import { DetectorSession } from './model/detector-session.js';
import { MAX_SUBJECTS } from './regions/salient-boxes.js';
import type { ScoredBox } from './regions/box.js';
import { outOfLetterbox } from './regions/letterbox.js';
import { decodeYolox } from './regions/yolox.js';
import type { Pixels, Timings } from './types.js';

export interface DetectRequest {
  detectorDirectory: string;
  /** All of a picture, fitted into the detector's square, see fitInto. */
  pixels: Pixels;
}

export interface Detected {
  /** In fractions of the picture, best first, at most {@link MAX_SUBJECTS}. */
  boxes: ScoredBox[];
  timings: Timings;
}

/** Pixels -> tensor -> detector -> boxes, for every detector that it was asked for; each is opened once. */
export class Detection {
  readonly #detectors = new Map<string, Promise<DetectorSession>>();

  /** Opens a detector, if it is not open. @throws model_not_found, model_invalid */
  async open(directory: string): Promise<void> {
    await this.#detector(directory);
  }

  /** @throws what {@link open} throws */
  async detect({ detectorDirectory, pixels }: DetectRequest): Promise<Detected> {
    const detector = await this.#detector(detectorDirectory);
    const { manifest } = detector;
    const start = performance.now();
    const tensor = pixelsToTensor(padToSquare(pixels, manifest.size, manifest.padding), manifest.input);
    const built = performance.now();
    const rows = await detector.run(tensor);
    const inferred = performance.now();
    const { size, classes, minScore, maxOverlap, output } = manifest;
    const options = { size, classes, minScore, maxOverlap, strides: output.strides, limit: MAX_SUBJECTS };
    const boxes = decodeYolox(rows, options).flatMap((box) => outOfLetterbox(box, pixels) ?? []);
    const timings = { tensor: built - start, inference: inferred - built, boxes: performance.now() - inferred };
    return { boxes, timings };
  }

  #detector(directory: string): Promise<DetectorSession> {
    const present = this.#detectors.get(directory);
    if (present !== undefined) return present;
    const opening = loadDetectorFolder(directory).then((loaded) => DetectorSession.open(loaded));
    this.#detectors.set(directory, opening);
    // one that could not be opened may be mended, so the next request tries again
    opening.catch(() => this.#detectors.delete(directory));
    return opening;
  }
}
