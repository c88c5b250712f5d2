import type { Seen, Size } from './camera.js';
import type { MapImage } from './map-worker.js';
import type { Thumbnails } from './thumbnails.js';

/** Side of a picture on the map, pixels. */
export const PICTURE = 46;

interface Drawing {
  size: Size;
  inSight: readonly Seen[];
  images: readonly MapImage[];
  thumbnails: Thumbnails;
  /** The one under the pointer, which is drawn larger and over the others. */
  hovered: number | undefined;
}

export function drawMap(canvas: HTMLCanvasElement, { size, inSight, images, thumbnails, hovered }: Drawing): void {
  const density = Math.min(2, devicePixelRatio);
  canvas.width = size.width * density;
  canvas.height = size.height * density;
  const pen = canvas.getContext('2d')!;
  pen.scale(density, density);
  pen.fillStyle = getComputedStyle(canvas).color;
  pen.globalAlpha = 0.55;
  for (const { x, y, asPicture } of inSight) if (!asPicture) pen.fillRect(x - 1.5, y - 1.5, 3, 3);
  pen.globalAlpha = 1;
  const draw = (one: Seen, side: number): void => drawPicture(pen, one, thumbnails.of(images[one.index]!), side);
  for (const one of inSight) if (one.asPicture) draw(one, PICTURE);
  const over = inSight.find(({ index }) => index === hovered);
  if (over !== undefined) draw(over, PICTURE * 2);
}

/** Cut to a square; a dot until it is there. */
function drawPicture(
  pen: CanvasRenderingContext2D,
  { x, y }: Seen,
  picture: HTMLImageElement | undefined,
  side: number,
) {
  if (picture === undefined) {
    pen.fillRect(x - 3, y - 3, 6, 6);
    return;
  }
  const cut = Math.min(picture.naturalWidth, picture.naturalHeight);
  const [left, top] = [(picture.naturalWidth - cut) / 2, (picture.naturalHeight - cut) / 2];
  pen.save();
  pen.beginPath();
  pen.roundRect(x - side / 2, y - side / 2, side, side, side / 8);
  pen.clip();
  pen.drawImage(picture, left, top, cut, cut, x - side / 2, y - side / 2, side, side);
  pen.restore();
}
