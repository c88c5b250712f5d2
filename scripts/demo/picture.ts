import sharp from 'sharp';
import { drawBackdrop } from './backdrops.js';
import type { Kind } from './kind.js';
import { Random } from './random.js';
import { Sketch, ellipse, faded, group } from './sketch.js';

/** Width and height in pixels, as cameras and shops have them. */
const SIZES = [
  [400, 400],
  [400, 400],
  [360, 360],
  [440, 352],
  [352, 440],
  [480, 360],
  [360, 480],
] as const;

/**
 * Draws one picture of a kind: its backdrop, the thing itself in some pose, then what a camera adds.
 *
 * @param seed the same seed gives the same bytes
 * @returns a JPEG
 */
export async function drawPicture(kind: Kind, seed: string): Promise<Buffer> {
  const random = new Random(`${kind.name} ${seed}`);
  const [width, height] = random.pick(SIZES);
  const svg = composeSvg(kind, width, height, random);
  return await photograph(Buffer.from(svg), width, height, random);
}

function composeSvg(kind: Kind, width: number, height: number, random: Random): string {
  const sketch = new Sketch();
  const backdrop = drawBackdrop(kind.setting, sketch, random);
  const thing = kind.draw(sketch, random);
  const content = kind.setting === 'scene' ? thing : backdrop + pose(kind.setting, thing, sketch, random);
  // a scene fills the frame and loses its edges; a thing stays whole
  const fit = kind.setting === 'scene' ? 'slice' : 'meet';
  const frame = `width="${width}" height="${height}" viewBox="0 0 400 400" preserveAspectRatio="xMidYMid ${fit}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${sketch.definitions}${content}</svg>`;
}

/** Turns, scales and shifts a thing, and gives it a shadow. */
function pose(setting: Kind['setting'], thing: string, sketch: Sketch, random: Random): string {
  const lean = setting === 'floor' ? 3 : setting === 'flat' ? 24 : 14;
  const scale = random.between(0.84, 1.1);
  // what lies flat may carry writing, and is not seen mirrored
  const flip = setting !== 'flat' && random.chance(0.5) ? -1 : 1;
  const place = `translate(${200 + random.between(-20, 20)} ${200 + random.between(-12, 16)})`;
  const turn = `rotate(${random.between(-lean, lean)}) scale(${flip * scale * random.between(0.93, 1.05)} ${scale})`;
  const transform = `${place} ${turn} translate(-200 -200)`;
  if (setting === 'floor') {
    const pool = sketch.blurred(ellipse(200, 330, 118, 13, 'black', 'opacity="0.42"'), 9);
    return group(pool + thing, transform);
  }
  if (setting === 'open' || setting === 'water') return group(thing, transform);
  return group(castShadow(thing, sketch, random), transform);
}

/** The thing's own outline as a soft shadow beneath it. */
function castShadow(thing: string, sketch: Sketch, random: Random): string {
  const outline = `<g style="filter:brightness(0)">${thing}</g>`;
  const shifted = group(outline, `translate(${random.between(3, 9)} ${random.between(5, 12)})`);
  return faded(sketch.blurred(shifted, random.between(4, 9)), 0.45) + thing;
}

/** What a camera adds: a little blur now and then, sensor grain, JPEG. */
async function photograph(svg: Buffer, width: number, height: number, random: Random): Promise<Buffer> {
  const drawn = sharp(svg).flatten({ background: 'white' });
  const seen = random.chance(0.25) ? drawn.blur(random.between(0.5, 1.1)) : drawn;
  const pixels = await seen.raw().toBuffer();
  addGrain(pixels, random.pick([0, 3, 5, 9]), random);
  const photo = sharp(pixels, { raw: { width, height, channels: 3 } });
  return await photo.jpeg({ quality: random.whole(72, 92) }).toBuffer();
}

function addGrain(pixels: Buffer, strength: number, random: Random): void {
  for (let i = 0; strength > 0 && i < pixels.length; i += 3) {
    const noise = random.between(-strength, strength) + random.between(-strength, strength);
    for (let channel = i; channel < i + 3; channel++) {
      pixels[channel] = Math.min(Math.max(pixels[channel]! + noise, 0), 255);
    }
  }
}
