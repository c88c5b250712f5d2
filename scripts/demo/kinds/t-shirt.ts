import { productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { circle, line, path, polar, polygon, repeat } from '../sketch.js';

/** Spread out: short or long sleeves, round or V neck, a pattern or a print. */
export const tShirt: Kind = {
  name: 't-shirt',
  setting: 'flat',
  draw: (sketch, random) => {
    const cloth = productColour(random);
    const [waist, long] = [random.between(76, 92), random.chance(0.25)];
    const [cuffX, cuffY] = long ? [338, 286] : [random.between(324, 344), random.between(158, 178)];
    const [inX, inY] = long ? [302, 304] : [cuffX - 30, cuffY + 38];
    const depth = random.chance(0.5) ? 34 : 22;
    const neck = random.chance(0.7) ? `Q200 ${78 + depth * 1.6} 160 72` : `L200 ${88 + depth} L160 72`;
    const body = `M240 72${neck}L118 92L${400 - cuffX} ${cuffY}L${400 - inX} ${inY}L124 178L${200 - waist} 338Q200 348 ${200 + waist} 338L276 178L${inX} ${inY}L${cuffX} ${cuffY}L282 92Z`;
    const ink = productColour(random).lighter(cloth.lightness > 50 ? -15 : 25);
    const star = path(polygon(Array.from({ length: 10 }, (_, i) => polar(200, 190, i * 36, i % 2 ? 20 : 46))), ink);
    const print = random.pick([
      '',
      star,
      circle(200, 190, 42, ink),
      repeat(3, (i) => line(`M158 ${172 + i * 20}L242 ${172 + i * 20}`, ink, 10)),
    ]);
    const paint = print === '' ? decoratedPaint(sketch, random, cloth) : cloth.toString();
    const fold = () => {
      const x = random.between(130, 270);
      return line(
        `M${x} ${random.between(190, 250)}Q${x + random.between(-22, 22)} 280 ${x + random.between(-10, 10)} 336`,
        'black',
        random.between(4, 11),
        'opacity="0.14"',
      );
    };
    return [
      path('M162 74Q200 92 238 74Q200 58 162 74Z', cloth.lighter(-26)),
      path(body, paint) + print,
      sketch.clipped(sketch.blurred(repeat(6, fold), 5), body),
      path(body, sketch.gradient(['rgba(0,0,0,.18)', 'rgba(255,255,255,.16)', 'rgba(0,0,0,.2)'])),
      line(`M240 72${neck}`, cloth.lighter(-16), 6),
      line(`M124 178L128 128M276 178L272 128`, 'black', 2, 'opacity="0.25"'),
    ].join('');
  },
};
