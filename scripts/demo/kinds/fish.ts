import { productColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, line, path, rect, repeat } from '../sketch.js';

/** A reef fish: slim or high, with bands, spots or scales. */
export const fish: Kind = {
  name: 'fish',
  setting: 'water',
  draw: (sketch, random) => {
    const skin = productColour(random);
    const ink = random.chance(0.4) ? productColour(random) : skin.lighter(skin.lightness > 50 ? -35 : 38);
    const fin = random.chance(0.5) ? ink : skin.turned(random.between(-40, 40));
    const [high, tail] = [random.between(58, 100), random.between(48, 80)];
    const body = `M68 206C120 ${200 - high} 220 ${194 - high} 296 196L296 212C220 ${218 + high} 120 ${212 + high} 68 206Z`;
    const tailFin = random.pick([
      `M284 204L358 ${204 - tail}Q328 204 358 ${204 + tail}Z`,
      `M284 204C320 ${170 - tail / 2} 366 ${180 - tail / 2} 352 204C366 ${228 + tail / 2} 320 ${238 + tail / 2} 284 204Z`,
    ]);
    const fins = `M140 ${212 - high * 0.62}Q170 ${160 - high} 250 ${186 - high * 0.55}L240 ${206 - high * 0.4}Z`;
    const belly = `M170 ${206 + high * 0.6}Q190 ${246 + high} 236 ${222 + high * 0.45}L226 ${200 + high * 0.4}Z`;
    const bands = repeat(random.whole(2, 5), (i) =>
      path(
        `M${118 + i * 42} 60Q${142 + i * 42} 204 ${116 + i * 42} 350L${136 + i * 42} 350Q${166 + i * 42} 204 ${138 + i * 42} 60Z`,
        ink,
      ),
    );
    const spots = repeat(30, () =>
      circle(random.between(120, 290), random.between(110, 300), random.between(4, 10), ink),
    );
    const lines = repeat(7, (i) => line(`M70 206Q190 ${206 + (i - 3) * 40} 300 206`, ink, 6));
    const scale = sketch.pattern(22, 18, circle(11, 9, 12, 'none', 'stroke="black" stroke-width="1.2" opacity="0.3"'));
    return [
      path(tailFin, sketch.gradient([fin.lighter(-8), fin.lighter(14)])),
      path(fins, fin) + path(belly, fin),
      path(body, sketch.gradient([skin.lighter(-10), skin.lighter(6), skin.lighter(26)], 'down')),
      sketch.clipped(random.pick([bands, bands, spots, lines, '']) + rect(60, 60, 260, 300, scale), body),
      path(
        `M176 214Q212 ${212 + high * 0.35} 232 ${226 + high * 0.2}Q214 200 182 204Z`,
        fin.lighter(-10),
        'opacity="0.9"',
      ),
      line(`M124 ${206 - high * 0.4}Q140 206 124 ${206 + high * 0.4}`, 'black', 3, 'opacity="0.3"'),
      circle(102, 196, 12, 'white') + circle(100, 196, 6.5, '#111') + circle(98, 193, 2.2, 'white'),
      line('M70 210Q82 218 92 214', skin.lighter(-30), 3),
    ].join('');
  },
};
