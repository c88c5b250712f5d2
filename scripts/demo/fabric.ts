import { Colour, productColour } from './colour.js';
import type { Random } from './random.js';
import { circle, line, rect } from './sketch.js';
import type { Sketch } from './sketch.js';

/** @returns a paint for cloth or glaze: plain, striped, dotted, checked or zigzag, on the given ground. */
export function decoratedPaint(sketch: Sketch, random: Random, ground: Colour): string {
  const ink = random.chance(0.4)
    ? new Colour(0, 0, 95)
    : productColour(random).lighter(ground.lightness > 50 ? -18 : 22);
  const size = random.between(18, 40);
  const tile = rect(0, 0, size, size, ground);
  const turn = random.pick([0, 0, 45, 90, 90]);
  switch (random.pick(['plain', 'plain', 'stripes', 'stripes', 'dots', 'checks', 'zigzag'] as const)) {
    case 'plain':
      return ground.toString();
    case 'stripes':
      return sketch.pattern(
        size,
        size,
        tile + rect(0, 0, size * random.between(0.25, 0.6), size, ink),
        `rotate(${turn})`,
      );
    case 'dots':
      return sketch.pattern(
        size,
        size,
        tile + circle(size / 2, size / 2, size * random.between(0.15, 0.32), ink),
        `rotate(${turn})`,
      );
    case 'checks': {
      const bands = rect(0, 0, size / 2, size, ink) + rect(0, 0, size, size / 2, ink);
      return sketch.pattern(size, size, `${tile}<g opacity="0.55">${bands}</g>`);
    }
    case 'zigzag': {
      const zigzag = `M${-size / 2} ${size}L0 ${size / 2}L${size / 2} ${size}L${size} ${size / 2}L${size * 1.5} ${size}`;
      return sketch.pattern(size, size, tile + line(zigzag, ink, size * 0.22));
    }
  }
}
