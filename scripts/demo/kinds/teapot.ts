import { productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { circle, ellipse, line, path } from '../sketch.js';

/** A round pot with spout, lid and a handle at the side or above. */
export const teapot: Kind = {
  name: 'teapot',
  setting: 'floor',
  draw: (sketch, random) => {
    const glaze = productColour(random);
    const [width, height] = [random.between(84, 108), random.between(64, 90)];
    const cy = 326 - height;
    const body = `M${200 - width} ${cy}C${200 - width} ${cy - height * 1.25} ${200 + width} ${cy - height * 1.25} ${200 + width} ${cy}C${200 + width} ${cy + height * 1.3} ${200 - width} ${cy + height * 1.3} ${200 - width} ${cy}Z`;
    const lid = cy - height * 0.8;
    const [tip, bend] = [cy - height * random.between(0.6, 1), random.between(20, 50)];
    const spout = `M${200 - width + 14} ${cy + 34}C${200 - width - bend} ${cy + 26} ${200 - width - 18} ${tip + 20} ${200 - width - 52} ${tip}L${200 - width - 30} ${tip - 8}C${200 - width - 2} ${tip + 14} ${200 - width} ${cy - 26} ${200 - width + 26} ${cy - 22}Z`;
    const sideHandle = `M${192 + width} ${cy - 34}C${262 + width} ${cy - 62} ${262 + width} ${cy + 62} ${190 + width} ${cy + 34}`;
    const topHandle = `M${200 - width * 0.72} ${lid + 22}C${200 - width * 0.9} ${lid - 130} ${200 + width * 0.9} ${lid - 130} ${200 + width * 0.72} ${lid + 22}`;
    const handle = random.chance(0.7) ? sideHandle : topHandle;
    const shine = sketch.glow(
      ['rgba(255,255,255,.55)', 'rgba(255,255,255,0)', 'rgba(0,0,0,.15)', 'rgba(0,0,0,.5)'],
      0.32,
      0.25,
      0.85,
    );
    return [
      line(handle, glaze.lighter(-18), 19),
      line(handle, glaze.lighter(4), 11),
      path(spout, sketch.gradient([glaze.lighter(8), glaze.lighter(-14)], 'down')),
      ellipse(200, 324, width * 0.55, 9, glaze.lighter(-22)),
      path(body, decoratedPaint(sketch, random, glaze)),
      path(body, shine),
      ellipse(200, lid + 8, width * 0.5, 12, glaze.lighter(-20)),
      path(
        `M${200 - width * 0.47} ${lid + 6}Q200 ${lid - 42} ${200 + width * 0.47} ${lid + 6}Q200 ${lid + 22} ${200 - width * 0.47} ${lid + 6}Z`,
        sketch.gradient([glaze.lighter(14), glaze.lighter(-10)]),
      ),
      circle(200, lid - 26, random.between(9, 14), sketch.glow([glaze.lighter(25), glaze.lighter(-12)], 0.35, 0.3)),
    ].join('');
  },
};
