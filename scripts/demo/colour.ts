import type { Random } from './random.js';

/** A CSS colour by hue (degrees), saturation and lightness (percent). */
export class Colour {
  readonly hue: number;
  readonly saturation: number;
  readonly lightness: number;

  constructor(hue: number, saturation: number, lightness: number) {
    this.hue = ((hue % 360) + 360) % 360;
    this.saturation = Math.min(Math.max(saturation, 0), 100);
    this.lightness = Math.min(Math.max(lightness, 0), 100);
  }

  /** @returns the colour, lighter by percent points; negative is darker. */
  lighter(points: number): Colour {
    return new Colour(this.hue, this.saturation, this.lightness + points);
  }

  turned(degrees: number): Colour {
    return new Colour(this.hue + degrees, this.saturation, this.lightness);
  }

  toString(): string {
    return `hsl(${this.hue.toFixed(1)},${this.saturation.toFixed(1)}%,${this.lightness.toFixed(1)}%)`;
  }
}

/** Hues that things are sold in: reds, browns, yellows, greens and blues more often than violets. */
const PRODUCT_HUES = [0, 6, 14, 24, 34, 44, 52, 80, 130, 158, 178, 195, 206, 216, 228, 262, 300, 338, 350];

/** @returns a clear colour, now and then a grey or a near-black. */
export function productColour(random: Random): Colour {
  if (random.chance(0.12)) return new Colour(random.between(0, 360), 5, random.pick([18, 45, 88]));
  return new Colour(random.pick(PRODUCT_HUES) + random.between(-6, 6), random.between(42, 80), random.between(36, 60));
}

/** @returns a colour of wood, from pine to walnut. */
export function woodColour(random: Random): Colour {
  return new Colour(random.between(20, 36), random.between(35, 60), random.between(25, 58));
}
