/** SVG elements as strings; all coordinates are in a picture of 400 x 400. */

type Paint = string | { toString(): string };
type Point = readonly [number, number];

/** Fills a path. attributes are SVG attributes, e.g. 'opacity="0.5"'. */
export const path = (d: string, fill: Paint, attributes = ''): string =>
  `<path d="${d}" fill="${fill.toString()}" ${attributes}/>`;

/** Draws along a path with round ends. */
export const line = (d: string, colour: Paint, width: number, attributes = ''): string =>
  `<path d="${d}" fill="none" stroke="${colour.toString()}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${attributes}/>`;

export const ellipse = (cx: number, cy: number, rx: number, ry: number, fill: Paint, attributes = ''): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill.toString()}" ${attributes}/>`;

export const circle = (cx: number, cy: number, r: number, fill: Paint, attributes = ''): string =>
  ellipse(cx, cy, r, r, fill, attributes);

export const ring = (cx: number, cy: number, r: number, colour: Paint, width: number): string =>
  circle(cx, cy, r, 'none', `stroke="${colour.toString()}" stroke-width="${width}"`);

export const rect = (x: number, y: number, width: number, height: number, fill: Paint, radius = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill.toString()}"/>`;

export const group = (content: string, transform: string): string => `<g transform="${transform}">${content}</g>`;

export const faded = (content: string, opacity: number): string => `<g opacity="${opacity}">${content}</g>`;

/** Mirrors a drawing on the vertical through x. */
export const mirrored = (content: string, x: number): string => group(content, `translate(${2 * x} 0) scale(-1 1)`);

/** @returns a path through the points, closed. */
export const polygon = (points: readonly Point[]): string => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`;

/** @returns one string of count drawings. */
export const repeat = (count: number, draw: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => draw(i)).join('');

/** @returns the point at an angle (degrees, 0 = up, clockwise) and distance from a centre. */
export function polar(cx: number, cy: number, degrees: number, distance: number): Point {
  const radians = ((degrees - 90) * Math.PI) / 180;
  return [cx + distance * Math.cos(radians), cy + distance * Math.sin(radians)];
}

/** Collects the definitions (gradients, patterns, clips, filters) that a drawing refers to. */
export class Sketch {
  readonly #definitions: string[] = [];

  get definitions(): string {
    return `<defs>${this.#definitions.join('')}</defs>`;
  }

  /** A gradient along the shape's box, colours evenly spaced. */
  gradient(colours: readonly Paint[], direction: 'right' | 'down' = 'right'): string {
    const end = direction === 'right' ? 'x2="1" y2="0"' : 'x2="0" y2="1"';
    return this.#define((id) => `<linearGradient id="${id}" ${end}>${stops(colours)}</linearGradient>`);
  }

  /** A gradient from a point of the shape's box (fractions) outwards. */
  glow(colours: readonly Paint[], cx = 0.5, cy = 0.5, r = 0.7): string {
    return this.#define(
      (id) => `<radialGradient id="${id}" cx="${cx}" cy="${cy}" r="${r}">${stops(colours)}</radialGradient>`,
    );
  }

  /** Tiles a drawing of width x height. */
  pattern(width: number, height: number, content: string, transform = ''): string {
    const units = `patternUnits="userSpaceOnUse" patternTransform="${transform}"`;
    return this.#define(
      (id) => `<pattern id="${id}" width="${width}" height="${height}" ${units}>${content}</pattern>`,
    );
  }

  /** Shows a drawing only within a path. */
  clipped(content: string, d: string): string {
    const url = this.#define((id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
    return `<g clip-path="${url}">${content}</g>`;
  }

  blurred(content: string, deviation: number): string {
    const blur = `<feGaussianBlur stdDeviation="${deviation}"/>`;
    const box = 'x="-50%" y="-50%" width="200%" height="200%"';
    return `<g filter="${this.#define((id) => `<filter id="${id}" ${box}>${blur}</filter>`)}">${content}</g>`;
  }

  /**
   * A grain over everything: fractal noise in one colour.
   *
   * @param frequency of the noise across and down, e.g. '0.01 0.2' for wood that runs across
   */
  grain(frequency: string, seed: number, colour: 'black' | 'white', opacity: number): string {
    const value = colour === 'black' ? 0 : 1;
    const url = this.#define(
      (id) =>
        `<filter id="${id}" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="3" seed="${seed}"/>` +
        `<feColorMatrix values="0 0 0 0 ${value} 0 0 0 0 ${value} 0 0 0 0 ${value} 0 0 0 3 -1.1"/></filter>`,
    );
    return `<rect x="-150" y="-150" width="700" height="700" filter="${url}" opacity="${opacity}"/>`;
  }

  #define(definition: (id: string) => string): string {
    const id = `d${this.#definitions.length}`;
    this.#definitions.push(definition(id));
    return `url(#${id})`;
  }
}

function stops(colours: readonly Paint[]): string {
  const last = Math.max(colours.length - 1, 1);
  return colours.map((colour, i) => `<stop offset="${i / last}" stop-color="${colour.toString()}"/>`).join('');
}
