import { Colour, productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import { roundShades } from '../kind.js';
import type { Kind } from '../kind.js';
import { line, path, rect, repeat } from '../sketch.js';

/** A glass bottle, slim or stout, with a cap and a label. */
export const bottle: Kind = {
  name: 'bottle',
  setting: 'floor',
  draw: (sketch, random) => {
    const glass = new Colour(random.pick([95, 130, 28, 200, 215, 345]), random.between(35, 75), random.between(20, 48));
    const [half, neck] = [random.between(38, 62), random.between(13, 18)];
    const [shoulder, collar] = [random.between(150, 205), random.between(92, 120)];
    const side = (sign: number) =>
      `C${200 + sign * half} ${shoulder - 34} ${200 + sign * neck} ${shoulder - 30} ${200 + sign * neck} ${collar}`;
    const body = `M${200 - half} 320L${200 - half} ${shoulder}${side(-1)}L${200 - neck} 62L${200 + neck} 62L${200 + neck} ${collar}C${200 + neck} ${shoulder - 30} ${200 + half} ${shoulder - 34} ${200 + half} ${shoulder}L${200 + half} 320Q${200 + half} 332 ${188 + half} 332L${212 - half} 332Q${200 - half} 332 ${200 - half} 320Z`;
    const labelTop = shoulder + random.between(14, 34);
    const labelHeight = random.between(56, Math.min(95, 306 - labelTop));
    const ink = productColour(random);
    const paper = random.chance(0.5)
      ? new Colour(42, 40, 92).toString()
      : decoratedPaint(sketch, random, productColour(random));
    const words = repeat(3, (i) =>
      rect(200 - half * (0.55 - i * 0.12), labelTop + 16 + i * 13, half * (1.1 - i * 0.24), i === 0 ? 8 : 4, ink),
    );
    const roundness = sketch.gradient([
      'rgba(0,0,0,.45)',
      'rgba(255,255,255,.15)',
      'rgba(0,0,0,0)',
      'rgba(0,0,0,.1)',
      'rgba(0,0,0,.5)',
    ]);
    return [
      path(body, sketch.gradient([...roundShades(glass), glass.lighter(-2)])),
      rect(200 - half, labelTop, 2 * half, labelHeight, paper) +
        words +
        rect(200 - half, labelTop, 2 * half, labelHeight, roundness),
      rect(199 - neck - 3, 52, 2 * neck + 8, random.between(14, 40), sketch.gradient(roundShades(ink)), 4),
      line(`M${200 - half * 0.66} ${shoulder + 6}L${200 - half * 0.66} 308`, 'white', 5, 'opacity="0.45"'),
      line(`M${200 - neck * 0.4} ${collar - 8}L${200 - neck * 0.4} ${collar + 14}`, 'white', 4, 'opacity="0.5"'),
    ].join('');
  },
};
