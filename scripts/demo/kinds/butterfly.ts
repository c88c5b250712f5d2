import { productColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, ellipse, group, line, mirrored, path, repeat } from '../sketch.js';

/** Spread wings with dark edges, veins and spots, the same on both sides. */
export const butterfly: Kind = {
  name: 'butterfly',
  setting: 'open',
  draw: (sketch, random) => {
    const wing = productColour(random).lighter(6);
    const lower = random.chance(0.5) ? wing.turned(random.between(-50, 50)) : wing.lighter(12);
    const edge = wing.lighter(-44);
    const [reach, rise, drop] = [random.between(120, 152), random.between(92, 124), random.between(92, 126)];
    const fore = `M204 190C214 ${190 - rise} ${160 + reach} ${168 - rise} ${200 + reach} ${206 - rise}C${206 + reach} ${238 - rise * 0.5} ${160 + reach} 216 204 206Z`;
    const hind = `M204 202C${180 + reach} 202 ${204 + reach} ${188 + drop * 0.6} ${160 + reach * 0.7} ${190 + drop}C${190 + reach * 0.3} ${214 + drop} 208 ${150 + drop} 204 208Z`;
    const rim = `stroke="${edge.toString()}" stroke-width="${random.between(7, 15)}" stroke-linejoin="round"`;
    const veins = repeat(5, (i) =>
      line(
        `M206 200Q${220 + reach * 0.3} ${200 - rise * 0.4} ${204 + reach * (0.98 - i * 0.1)} ${214 - rise + i * 24}`,
        edge,
        2.2,
        'opacity="0.7"',
      ),
    );
    const spotColour = random.chance(0.5) ? 'white' : productColour(random).lighter(22).toString();
    const spots = repeat(6, (i) => circle(186 + reach - i * 5, 224 - rise + i * 13, 4.5, spotColour));
    const eye = (x: number, y: number, r: number) =>
      circle(x, y, r, edge) + circle(x, y, r * 0.66, spotColour) + circle(x, y, r * 0.3, edge);
    const half = [
      path(hind, sketch.glow([lower.lighter(18), lower, lower.lighter(-12)], 0.1, 0.2, 0.9), rim),
      path(fore, sketch.glow([wing.lighter(20), wing, wing.lighter(-10)], 0.1, 0.8, 0.95), rim),
      veins + sketch.clipped(spots, fore),
      random.chance(0.7) ? eye(184 + reach * 0.42, 176 + drop * 0.72, random.between(11, 18)) : '',
      random.chance(0.5) ? eye(170 + reach * 0.72, 214 - rise * 0.66, random.between(8, 14)) : '',
      line(`M202 150Q214 116 236 102`, '#2a2018', 3) + circle(237, 101, 4, '#2a2018'),
    ].join('');
    const body = ellipse(200, 208, 8, 58, sketch.gradient(['#4a382a', '#1d1510'])) + circle(200, 150, 11, '#2a2018');
    return group(half + mirrored(half, 200) + body, `rotate(${random.between(-28, 28)} 200 200)`);
  },
};
