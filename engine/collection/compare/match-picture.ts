import { decodeImage } from '../../image/decode.js';
import { drawBox, drawLine, type Colour } from '../../image/draw.js';
import type { ImageLimits } from '../../image/limits.js';
import { encodePng } from '../../image/raw-pixels.js';
import { sideBySide } from '../../image/side-by-side.js';
import { preprocessSchema } from '../../model/manifest.js';
import type { Geometry } from './compare.js';

const PREPROCESS = preprocessSchema.parse({ policy: 'inside', size: 640 });
const GAP_PX = 16;
const BACKGROUND = 255;
const BOX_COLOUR: Colour = [255, 64, 64];
/** Lines take turns, so that neighbours can be told apart. */
const LINE_COLOURS: readonly Colour[] = [
  [0, 200, 83],
  [0, 145, 234],
  [255, 171, 0],
  [170, 0, 255],
];
/** More lines than this hide the pictures. */
const MAX_LINES = 80;

/** @returns a PNG of both pictures side by side, with their common points joined and the common regions framed. */
export async function matchPicture(
  a: Uint8Array,
  b: Uint8Array,
  { points, regions }: Geometry,
  limits: ImageLimits,
): Promise<Uint8Array> {
  const [left, right] = await Promise.all(
    [a, b].map((bytes) => decodeImage(bytes, { limits, preprocess: PREPROCESS })),
  );
  const { canvas, offsets } = sideBySide(left!.pixels, right!.pixels, GAP_PX, BACKGROUND);
  const scales = [left!, right!].map(({ pixels, facts }) => pixels.width / facts.width);
  const place = (side: 0 | 1, { x, y }: { x: number; y: number }) =>
    [offsets[side] + x * scales[side]!, y * scales[side]!] as const;
  const stride = Math.max(1, Math.ceil(points.length / MAX_LINES));
  points
    .filter((_, i) => i % stride === 0)
    .forEach(({ a: from, b: to }, i) =>
      drawLine(canvas, place(0, from), place(1, to), LINE_COLOURS[i % LINE_COLOURS.length]!, 1),
    );
  if (regions !== undefined)
    ([regions.a, regions.b] as const).forEach((box, i) => {
      const side = i as 0 | 1;
      const [x, y] = place(side, box);
      drawBox(canvas, { x, y, width: box.width * scales[side]!, height: box.height * scales[side]! }, BOX_COLOUR, 3);
    });
  return encodePng(canvas);
}
