import { Colour, productColour, woodColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, line, polar, rect, repeat } from '../sketch.js';

const ROMAN = ['XII', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI'];

/** A wall clock, round or square, with numerals or strokes. */
export const clock: Kind = {
  name: 'clock',
  setting: 'flat',
  draw: (sketch, random) => {
    const rim = random.chance(0.4) ? woodColour(random) : productColour(random);
    const face = random.chance(0.75) ? new Colour(45, 30, random.between(90, 98)) : productColour(random).lighter(-18);
    const ink = face.lightness > 60 ? '#2a2624' : '#f5efe2';
    const [radius, width] = [random.between(128, 146), random.between(12, 26)];
    const body = random.chance(0.78) ? radius : random.between(14, 40);
    const plate = (inset: number, paint: { toString(): string }) =>
      rect(
        200 - radius + inset,
        200 - radius + inset,
        2 * (radius - inset),
        2 * (radius - inset),
        paint,
        Math.max(body - inset, 6),
      );
    const reach = radius - width;
    const numeral = (text: string, i: number) => {
      const [x, y] = polar(200, 200, i * 30, reach - 25);
      return `<text x="${x}" y="${y + 9}" font-size="25" font-family="serif" font-weight="bold" text-anchor="middle" fill="${ink}">${text}</text>`;
    };
    const stroke = (i: number) =>
      line(
        `M${polar(200, 200, i * 30, reach - 12).join(' ')}L${polar(200, 200, i * 30, reach - (i % 3 ? 22 : 36)).join(' ')}`,
        ink,
        i % 3 ? 5 : 9,
      );
    const minute = (i: number) => circle(...polar(200, 200, i * 6, reach - 7), i % 5 ? 1.3 : 2.8, ink);
    const numerals = random
      .pick([ROMAN, ROMAN.map((_, i) => String(i || 12))])
      .map(numeral)
      .join('');
    const time = random.between(0, 12);
    const hand = (degrees: number, length: number, thick: number, colour: string) =>
      line(
        `M${polar(200, 200, degrees + 180, 20).join(' ')}L${polar(200, 200, degrees, length).join(' ')}`,
        colour,
        thick,
      );
    return [
      plate(0, sketch.gradient([rim.lighter(14), rim, rim.lighter(-18)], 'down')),
      plate(width - 3, rim.lighter(-24)),
      plate(width, sketch.glow([face.lighter(4), face, face.lighter(-8)])),
      repeat(60, minute),
      random.chance(0.6) ? numerals : repeat(12, stroke),
      hand(time * 30, reach * 0.5, 10, ink) + hand(time * 360, reach * 0.76, 6, ink),
      random.chance(0.6) ? hand(random.between(0, 360), reach * 0.8, 2.5, '#c8312b') : '',
      circle(200, 200, 8, random.chance(0.5) ? '#c8312b' : ink),
    ].join('');
  },
};
