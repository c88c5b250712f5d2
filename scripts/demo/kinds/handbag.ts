import { Colour, productColour, woodColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { circle, line, path, rect } from '../sketch.js';

/** With one or two handles, a flap or an open top, and brass. */
export const handbag: Kind = {
  name: 'handbag',
  setting: 'floor',
  draw: (sketch, random) => {
    const leather = random.chance(0.4) ? woodColour(random) : productColour(random);
    const brass = new Colour(43, 60, 60);
    const [top, bottom] = [random.between(88, 126), random.between(112, 138)];
    const [y, arc] = [random.between(182, 212), random.between(84, 128)];
    const body = `M${200 - top} ${y}L${200 + top} ${y}L${200 + bottom} 312Q${200 + bottom} 330 ${182 + bottom} 330L${218 - bottom} 330Q${200 - bottom} 330 ${200 - bottom} 312Z`;
    const handle = (end: number) =>
      `M${200 - top * 0.56} ${end}C${200 - top * 0.56} ${y - arc} ${200 + top * 0.56} ${y - arc} ${200 + top * 0.56} ${end}`;
    const flap = `M${198 - top} ${y - 2}L${202 + top} ${y - 2}L${200 + top * 0.86} ${y + 56}Q200 ${y + random.between(66, 100)} ${200 - top * 0.86} ${y + 56}Z`;
    const seam = line(`M${212 - bottom} 316L${188 + bottom} 316`, leather.lighter(28), 2, 'stroke-dasharray="6 5"');
    const closed =
      path(
        flap,
        sketch.gradient([leather.lighter(10), leather.lighter(-4)], 'down'),
        `stroke="${leather.lighter(-20).toString()}" stroke-width="2"`,
      ) +
      rect(188, y + 56, 24, 28, brass, 4) +
      circle(200, y + 70, 5, brass.lighter(-30));
    const open =
      rect(200 - top, y - 2, 2 * top, 16, leather.lighter(-16), 4) +
      circle(200 - top * 0.56, y + 20, 8, brass) +
      circle(200 + top * 0.56, y + 20, 8, brass);
    return [
      line(handle(y + 2), leather.lighter(-26), 9),
      path(body, decoratedPaint(sketch, random, leather)),
      path(body, sketch.gradient(['rgba(0,0,0,.2)', 'rgba(255,255,255,.2)', 'rgba(0,0,0,.05)', 'rgba(0,0,0,.36)'])),
      seam,
      random.chance(0.55) ? closed : open,
      line(handle(y + 18), leather.lighter(-14), 12) + line(handle(y + 18), leather.lighter(8), 4),
    ].join('');
  },
};
