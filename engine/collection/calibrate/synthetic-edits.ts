import { gamma, grey, shift } from '../../evaluate/transforms/colour.js';
import { cropAt, flip, halveResolution, rotate } from '../../evaluate/transforms/geometry.js';
import { frame, overlay } from '../../evaluate/transforms/overlay.js';
import type { Transform } from '../../evaluate/transforms/transform.js';
import { jpegRoundTrip } from '../../image/raw-pixels.js';

/** Makes one edit of its kind, with settings drawn from `random` in [0,1). Its name is the kind. */
type MakeEdit = (random: () => number) => Transform;

/** What people do to a picture that leaves it the same picture. */
const EDITS: readonly MakeEdit[] = [
  (random) => cropAt('crop', between(0.7, 0.95, random), [random(), random()]),
  () => halveResolution('half-size'),
  (random) => jpeg(Math.round(between(30, 70, random))),
  (random) => gamma('gamma', 2 ** between(-1, 1, random)),
  (random) => {
    const [red, green, blue] = [0, 1, 2].map(() => between(-50, 50, random)) as [number, number, number];
    return shift('colour', [red, green, blue]);
  },
  () => flip('flip'),
  (random) =>
    overlay('caption', {
      x: between(0, 0.4, random),
      y: between(0, 0.85, random),
      width: between(0.3, 0.6, random),
      height: between(0.08, 0.15, random),
    }),
  (random) => frame('frame', between(0.02, 0.08, random), random() < 0.5 ? 0 : 255),
];

/** Edits that a calibration is measured on and never fitted on. */
const UNSEEN_EDITS: readonly MakeEdit[] = [() => rotate('rotate-5', 5), () => grey('grey')];

/** @returns the kinds of edits that are never fitted on. */
export function unseenKinds(): string[] {
  return UNSEEN_EDITS.map((make) => make(() => 0).name);
}

/** @param withUnseen also the kinds that are only measured on. @returns one edit of each kind. */
export function syntheticEdits(random: () => number, withUnseen: boolean): Transform[] {
  return [...EDITS, ...(withUnseen ? UNSEEN_EDITS : [])].map((make) => make(random));
}

function jpeg(quality: number): Transform {
  return { name: 'jpeg', apply: (pixels) => jpegRoundTrip(pixels, quality) };
}

function between(low: number, high: number, random: () => number): number {
  return low + (high - low) * random();
}
