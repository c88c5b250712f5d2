import { Colour, productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { line, path, rect } from '../sketch.js';

/** A rucksack from the front: pocket, zip, side pockets, top handle. */
export const backpack: Kind = {
  name: 'backpack',
  setting: 'floor',
  draw: (sketch, random) => {
    const cloth = productColour(random);
    const trim = random.chance(0.5) ? new Colour(25, 50, 32) : cloth.lighter(cloth.lightness > 45 ? -24 : 22);
    const [half, top, pocketTop] = [random.between(84, 102), random.between(92, 118), random.between(212, 232)];
    const body = `M${200 - half} 310L${202 - half} ${top + 66}Q${204 - half} ${top} 200 ${top}Q${196 + half} ${top} ${198 + half} ${top + 66}L${200 + half} 310Q${200 + half} 330 ${180 + half} 330L${220 - half} 330Q${200 - half} 330 ${200 - half} 310Z`;
    const pocket = `M${222 - half} ${pocketTop}Q200 ${pocketTop - 16} ${178 + half} ${pocketTop}L${180 + half} 304Q200 322 ${220 - half} 304Z`;
    const zip = `M${216 - half} ${top + 74}Q${218 - half} ${top + 26} 200 ${top + 24}Q${182 + half} ${top + 26} ${184 + half} ${top + 74}`;
    const sidePocket = (x: number) =>
      rect(x, 236, 30, 76, sketch.gradient([cloth.lighter(-6), cloth.lighter(-22)]), 10);
    const flap = path(
      `M${208 - half} ${top + 40}Q200 ${top - 26} ${192 + half} ${top + 40}L${184 + half} ${pocketTop - 24}Q200 ${pocketTop} ${216 - half} ${pocketTop - 24}Z`,
      sketch.gradient([trim.lighter(10), trim.lighter(-6)], 'down'),
    );
    const buckle = (x: number) =>
      rect(x - 7, pocketTop - 50, 14, 62, trim.lighter(-12), 3) + rect(x - 9, pocketTop - 18, 18, 13, '#c9b27a', 2);
    const hasFlap = random.chance(0.45);
    return [
      line(`M172 ${top + 6}Q200 ${top - 46} 228 ${top + 6}`, trim.lighter(-8), 11),
      line(`M${214 - half} ${top + 50}Q${164 - half} 190 ${200 - half} 300`, trim.lighter(-16), 15) +
        line(`M${186 + half} ${top + 50}Q${236 + half} 190 ${200 + half} 300`, trim.lighter(-16), 15),
      sidePocket(182 - half) + sidePocket(188 + half),
      path(body, decoratedPaint(sketch, random, cloth)),
      path(body, sketch.gradient(['rgba(0,0,0,.28)', 'rgba(255,255,255,.22)', 'rgba(0,0,0,0)', 'rgba(0,0,0,.38)'])),
      hasFlap ? '' : line(zip, trim.lighter(-8), 6) + line(zip, '#d8d2c0', 2, 'stroke-dasharray="3 5"'),
      path(
        pocket,
        sketch.gradient([cloth.lighter(9), cloth.lighter(-10)], 'down'),
        `stroke="${trim.toString()}" stroke-width="4"`,
      ),
      hasFlap
        ? flap + buckle(170) + buckle(230)
        : line(`M${234 - half} ${pocketTop + 18}L${166 + half} ${pocketTop + 18}`, trim, 5) +
          rect(180, 262, 40, 22, trim, 4),
    ].join('');
  },
};
