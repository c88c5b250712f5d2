import { Colour, productColour, woodColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import { roundShades } from '../kind.js';
import type { Kind } from '../kind.js';
import { circle, ellipse, line, path } from '../sketch.js';

/** A table lamp with a shade, lit or not, on a ball, a vase or a pole. */
export const lamp: Kind = {
  name: 'lamp',
  setting: 'floor',
  draw: (sketch, random) => {
    const foot = random.chance(0.5) ? woodColour(random) : productColour(random);
    const cloth = random.chance(0.5) ? new Colour(random.between(35, 50), 45, 84) : productColour(random).lighter(12);
    const [top, bottom] = [random.between(36, 84), random.between(88, 126)];
    const [high, low] = [random.between(52, 80), random.between(168, 190)];
    const shade = `M${200 - top} ${high}L${200 + top} ${high}L${200 + bottom} ${low}Q200 ${low + 16} ${200 - bottom} ${low}Z`;
    const shades = sketch.gradient(roundShades(foot));
    const [ball, waist] = [random.between(34, 54), random.between(10, 24)];
    const stands = [
      circle(200, 322 - ball, ball, sketch.glow([foot.lighter(26), foot, foot.lighter(-20)], 0.35, 0.3, 0.75)),
      path(
        `M${200 - waist} 196C${160 - waist} 250 ${150 - waist} 290 175 322L225 322C${250 + waist} 290 ${240 + waist} 250 ${200 + waist} 196Z`,
        shades,
      ),
      line('M200 196L200 316', foot, random.between(10, 18)),
    ];
    const isLit = random.chance(0.6);
    const halo = sketch.glow(['rgba(255,225,150,.75)', 'rgba(255,225,150,0)'], 0.5, 0.5, 0.5);
    return [
      isLit ? circle(200, 140, 230, halo) : '',
      line('M200 178L200 240', foot.lighter(-14), 9),
      random.pick(stands),
      ellipse(200, 324, random.between(48, 70), 10, shades),
      path(shade, decoratedPaint(sketch, random, cloth)),
      path(
        shade,
        isLit
          ? sketch.glow(['rgba(255,246,205,.9)', 'rgba(255,214,120,.15)'], 0.5, 0.75, 0.65)
          : sketch.gradient(['rgba(0,0,0,.25)', 'rgba(255,255,255,.2)', 'rgba(0,0,0,.38)']),
      ),
      line(`M${200 - top} ${high}L${200 + top} ${high}`, cloth.lighter(-18), 4) +
        line(`M${200 - bottom} ${low}Q200 ${low + 16} ${200 + bottom} ${low}`, cloth.lighter(-18), 4),
    ].join('');
  },
};
