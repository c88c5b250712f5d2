import { productColour, woodColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { group, line, path, repeat } from '../sketch.js';

/** Open, of six panels, with a hooked handle. */
export const umbrella: Kind = {
  name: 'umbrella',
  setting: 'flat',
  draw: (sketch, random) => {
    const cloth = productColour(random);
    const other = random.chance(0.5) ? cloth : random.chance(0.5) ? productColour(random) : cloth.lighter(28);
    const paint = decoratedPaint(sketch, random, cloth);
    const [half, dome, rim] = [random.between(132, 156), random.between(92, 132), 204];
    const top = rim - dome;
    const edge = (i: number) => 200 - half * Math.cos((Math.PI * i) / 6);
    const rib = (i: number) => `${200 + (edge(i) - 200) * 0.95} ${top + dome * 0.32}`;
    const panel = (i: number) => {
      const d = `M200 ${top}Q${rib(i)} ${edge(i)} ${rim}Q${(edge(i) + edge(i + 1)) / 2} ${rim - 26} ${edge(i + 1)} ${rim}Q${rib(i + 1)} 200 ${top}Z`;
      return (
        path(d, i % 2 ? other : paint) +
        path(d, 'black', `opacity="${0.04 + i * 0.055}"`) +
        line(d, cloth.lighter(-26), 1.5)
      );
    };
    const wood = random.chance(0.6) ? woodColour(random) : cloth.lighter(-30);
    const hook = random.chance(0.7) ? 'M200 322Q200 352 178 352Q158 352 158 330' : 'M200 318L200 352';
    const drawing = [
      line(`M200 ${top - 18}L200 322`, '#7d838a', 6),
      line(hook, wood, 13),
      repeat(6, panel),
      line(`M200 ${top - 20}L200 ${top}`, wood, 7),
    ].join('');
    return group(drawing, `rotate(${random.between(-30, 30)} 200 200)`);
  },
};
