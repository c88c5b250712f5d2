import { Colour, productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { ellipse, line, path } from '../sketch.js';

/** A cup with a handle: straight or tapered, plain or decorated, empty or full. */
export const mug: Kind = {
  name: 'mug',
  setting: 'floor',
  draw: (sketch, random) => {
    const glaze = productColour(random);
    const [top, bottom, y] = [random.between(74, 92), random.between(56, 88), random.between(130, 170)];
    const tilt = random.between(14, 22);
    const body = `M${185 - top} ${y}L${185 - bottom} 318Q185 ${318 + tilt * 1.5} ${185 + bottom} 318L${185 + top} ${y}Z`;
    const [from, to, reach] = [y + 22, random.between(265, 292), random.between(70, 92)];
    const handle = `M${182 + top} ${from}C${185 + top + reach} ${from - 8} ${185 + bottom + reach} ${to + 12} ${180 + bottom} ${to}`;
    const shade = sketch.gradient([
      'rgba(0,0,0,.22)',
      'rgba(255,255,255,.38)',
      'rgba(0,0,0,0)',
      'rgba(0,0,0,.12)',
      'rgba(0,0,0,.42)',
    ]);
    const drink = new Colour(random.between(15, 32), random.between(40, 70), random.between(14, 40));
    return [
      line(handle, glaze.lighter(-16), 24),
      line(handle, glaze.lighter(4), 15),
      path(body, decoratedPaint(sketch, random, glaze)),
      path(body, shade),
      ellipse(185, y, top, tilt, glaze.lighter(12)),
      ellipse(185, y + 2, top - 8, tilt - 4, sketch.gradient([glaze.lighter(-24), glaze.lighter(-6)])),
      random.chance(0.6) ? ellipse(185, y + 6, top - 15, tilt - 8, sketch.gradient([drink, drink.lighter(10)])) : '',
    ].join('');
  },
};
