import { productColour, woodColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { line, path, polygon, repeat } from '../sketch.js';

/** A dining chair, turned a little: slats, rungs or a padded back. */
export const chair: Kind = {
  name: 'chair',
  setting: 'floor',
  draw: (sketch, random) => {
    const frame = random.chance(0.7) ? woodColour(random) : productColour(random);
    const cushion = random.chance(0.5) ? productColour(random) : frame.lighter(10);
    const [top, thick, skew] = [random.between(52, 100), random.between(9, 15), random.between(8, 30)];
    const seat = random.between(196, 214);
    const back = (x: number) => line(`M${x} ${seat}L${x - 6} ${top}`, frame, thick);
    const leg = (x: number, y: number, splay: number, shade: number) =>
      line(`M${x} ${y}L${x + splay} ${326 - shade}`, frame.lighter(-shade), thick);
    const slats = repeat(4, (i) =>
      line(`M${148 + i * 29} ${seat}L${144 + i * 29} ${top + 8}`, frame.lighter(-4), thick * 0.6),
    );
    const rungs = repeat(3, (i) =>
      line(`M122 ${top + 22 + i * 36}Q190 ${top + 12 + i * 36} 262 ${top + 22 + i * 36}`, frame.lighter(4), 13),
    );
    const padding = path(
      `M118 ${top + 4}Q190 ${top - 18} 266 ${top + 4}L268 ${seat - 30}Q192 ${seat - 20} 122 ${seat - 30}Z`,
      sketch.gradient([cushion.lighter(10), cushion.lighter(-8)]),
    );
    const surface = polygon([
      [118, seat - 4],
      [272, seat - 4],
      [290 + skew * 0.3, seat + 36],
      [104 - skew * 0.3, seat + 36],
    ]);
    const front = polygon([
      [104 - skew * 0.3, seat + 36],
      [290 + skew * 0.3, seat + 36],
      [288, seat + 54],
      [106, seat + 54],
    ]);
    return [
      leg(128, seat, -4, 14) + leg(264, seat, 4, 14),
      line(`M126 ${seat + 80}L266 ${seat + 80}`, frame.lighter(-16), thick * 0.6),
      random.pick([slats, slats, rungs, padding]),
      back(124) + back(268),
      line(`M116 ${top + 4}Q192 ${top - 14} 264 ${top + 4}`, frame.lighter(5), thick + 4),
      path(surface, sketch.gradient([cushion.lighter(12), cushion.lighter(-2)], 'down')),
      path(front, cushion.lighter(-20)),
      leg(112, seat + 46, -7, 0) + leg(282, seat + 46, 7, 0),
      random.chance(0.5) ? line(`M108 ${seat + 90}L286 ${seat + 90}`, frame.lighter(-6), thick * 0.6) : '',
    ].join('');
  },
};
