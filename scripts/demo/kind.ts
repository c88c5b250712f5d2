import type { Colour } from './colour.js';
import type { Random } from './random.js';
import type { Sketch } from './sketch.js';

/** Draws one of a kind, ever different, into 400 x 400; products stand on the line y = 330. */
export type Draw = (sketch: Sketch, random: Random) => string;

/** One kind of picture. */
export interface Kind {
  name: string;
  /** Where it is seen: standing on a floor, flat on a surface, in the open, under water; a scene brings its own. */
  setting: 'floor' | 'flat' | 'open' | 'water' | 'scene';
  draw: Draw;
}

/** @returns the colours across a round body, lit from the left. */
export const roundShades = (colour: Colour): Colour[] => [
  colour.lighter(-8),
  colour.lighter(14),
  colour.lighter(4),
  colour.lighter(-6),
  colour.lighter(-18),
];
