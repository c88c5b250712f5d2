import { Colour, productColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, line, polar, path, rect, repeat } from '../sketch.js';

/** From above: strap of leather or steel, round or square case, dial, hands. */
export const wristWatch: Kind = {
  name: 'wrist-watch',
  setting: 'flat',
  draw: (sketch, random) => {
    const metal = random.pick([
      new Colour(210, 6, 72),
      new Colour(44, 55, 58),
      new Colour(16, 42, 62),
      new Colour(220, 6, 24),
    ]);
    const band = random.chance(0.6)
      ? random.pick([new Colour(22, 48, 28), new Colour(0, 0, 14), productColour(random)])
      : metal;
    const face = random.pick([
      new Colour(45, 25, 94),
      new Colour(0, 0, 98),
      new Colour(220, 40, 20),
      new Colour(0, 0, 10),
      productColour(random),
    ]);
    const ink = face.lightness > 55 ? '#222' : '#eee';
    const [half, size] = [random.between(30, 42), random.between(66, 82)];
    const strap = `M${200 - half} 150L${206 - half} 26Q200 12 ${194 + half} 26L${200 + half} 150L${200 + half} 250L${194 + half} 374Q200 390 ${206 - half} 374L${200 - half} 250Z`;
    const links = repeat(18, (i) => rect(200 - half, 24 + i * 20, 2 * half, 2.5, band.lighter(-24)));
    const stitches = [-1, 1]
      .map((side) =>
        line(
          `M${200 + side * (half - 8)} 34L${200 + side * (half - 6)} 366`,
          band.lighter(30),
          1.6,
          'stroke-dasharray="6 5"',
        ),
      )
      .join('');
    const corner = random.chance(0.75) ? size : random.between(8, 24);
    const box = (inset: number, paint: { toString(): string }) =>
      rect(
        200 - size + inset,
        200 - size + inset,
        2 * (size - inset),
        2 * (size - inset),
        paint,
        Math.max(corner - inset, 3),
      );
    const mark = (i: number) =>
      line(
        `M${polar(200, 200, i * 30, size - 17).join(' ')}L${polar(200, 200, i * 30, size - (i % 3 ? 23 : 29)).join(' ')}`,
        ink,
        i % 3 ? 2.5 : 5,
      );
    const hand = (degrees: number, length: number, width: number) =>
      line(`M200 200L${polar(200, 200, degrees, length).join(' ')}`, ink, width);
    const small = circle(200, 200 + size * 0.4, size * 0.2, face.lighter(face.lightness > 55 ? -9 : 9));
    return [
      path(strap, sketch.gradient([band.lighter(-10), band.lighter(9), band.lighter(-12)])),
      sketch.clipped(band === metal ? links : stitches, strap),
      rect(200 + size - 4, 192, 15, 16, metal.lighter(-12), 3),
      box(0, sketch.gradient([metal.lighter(22), metal, metal.lighter(-22)], 'down')),
      box(8, metal.lighter(-26)) + box(10, sketch.glow([face.lighter(6), face, face.lighter(-7)])),
      random.chance(0.4) ? small : '',
      repeat(12, mark),
      hand(random.between(0, 360), size * 0.42, 6) + hand(random.between(0, 360), size * 0.64, 4),
      line(`M200 200L${polar(200, 200, random.between(0, 360), size * 0.68).join(' ')}`, '#d33', 1.6) +
        circle(200, 200, 4.5, ink),
      path(
        `M${200 - size * 0.55} ${200 - size * 0.5}L${200 - size * 0.1} ${200 - size * 0.75}L${200 + size * 0.3} ${200 + size * 0.6}L${200 - size * 0.1} ${200 + size * 0.75}Z`,
        'white',
        'opacity="0.09"',
      ),
    ].join('');
  },
};
