import { Colour, productColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, line, path, repeat } from '../sketch.js';

/** A sports shoe from the side, low or high, with laces and stripes. */
export const sneaker: Kind = {
  name: 'sneaker',
  setting: 'floor',
  draw: (sketch, random) => {
    const upper = productColour(random);
    const accent = random.chance(0.5) ? new Colour(0, 0, random.pick([96, 12])) : productColour(random);
    const rubber = random.chance(0.7) ? new Colour(40, 12, 94) : productColour(random);
    const collar = random.chance(0.35) ? random.between(128, 148) : random.between(172, 198);
    const thick = random.between(20, 34);
    const base = 328 - thick;
    const shell = `M66 ${base}C56 ${base - 40} 62 ${collar + 34} 72 ${collar}C92 ${collar - 12} 104 ${collar + 22} 128 ${collar + 14}L160 ${collar - 4}C188 ${collar + 40} 226 232 282 240C330 246 348 268 346 ${base}Z`;
    const toe = `M262 ${base}C262 258 286 244 300 242C336 250 348 268 346 ${base}Z`;
    const heel = `M66 ${base}C56 ${base - 40} 62 ${collar + 44} 70 ${collar + 20}C88 ${collar + 26} 96 ${base - 50} 100 ${base}Z`;
    const sole = `M56 ${base - 5}L350 ${base - 5}Q366 ${base + 8} 352 328L72 328Q52 326 56 ${base - 5}Z`;
    const lace = (i: number) => {
      const [x, y] = [172 + i * 17, collar + 24 + i * ((232 - collar - 24) / 5)];
      return (
        line(`M${x} ${y}L${x + 20} ${y - 17}`, accent.lighter(accent.lightness > 50 ? 8 : -4), 7) +
        circle(x, y, 3, '#333')
      );
    };
    const stripe = (i: number) => line(`M${138 + i * 24} ${base - 2}L${172 + i * 24} ${base - 62}`, accent, 10);
    const wave = line(`M112 ${base - 34}q14 -22 28 0t28 0t28 0t28 0t28 0`, accent, 9);
    const star = circle(128, base - 48, 22, accent) + circle(128, base - 48, 14, upper.lighter(8));
    const mark = random.pick([repeat(5, stripe), repeat(2, stripe), wave, star]);
    const panel = random.chance(0.6) ? accent : upper.lighter(-14);
    const tread = repeat(14, (i) => line(`M${76 + i * 21} 325L${79 + i * 21} 321`, rubber.lighter(-35), 3));
    return [
      path(shell, sketch.gradient([upper.lighter(12), upper.lighter(2), upper.lighter(-12)], 'down')),
      sketch.clipped(mark, shell),
      random.chance(0.65) ? path(toe, panel, 'opacity="0.92"') : '',
      path(heel, panel, 'opacity="0.92"'),
      line(`M160 ${collar - 2}C188 ${collar + 42} 226 234 282 242`, upper.lighter(-24), 5),
      repeat(5, lace),
      path(sole, sketch.gradient([rubber, rubber.lighter(-18)], 'down')),
      line(`M64 ${base + 8}L350 ${base + 8}`, random.chance(0.6) ? accent : rubber.lighter(-20), 3),
      tread,
    ].join('');
  },
};
