import { Colour, productColour, woodColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, group, line, mirrored, path, rect, repeat, ring } from '../sketch.js';

const ACOUSTIC = 'M200 196C236 182 258 204 248 232C242 250 252 258 264 276C288 316 258 356 200 356';
const ELECTRIC =
  'M200 214C216 214 222 206 226 186C232 170 254 176 252 200C248 226 246 240 262 266C282 300 264 352 200 350';

/** An acoustic or electric guitar, leaning. */
export const guitar: Kind = {
  name: 'guitar',
  setting: 'flat',
  draw: (sketch, random) => {
    const isAcoustic = random.chance(0.65);
    const wood = isAcoustic ? woodColour(random).lighter(6) : productColour(random);
    const neck = new Colour(24, 40, random.between(16, 34));
    const half = path(
      `${isAcoustic ? ACOUSTIC : ELECTRIC}Z`,
      sketch.glow([wood.lighter(16), wood, wood.lighter(-20)], 0.1, 0.5, 0.95),
      `stroke="${wood.lighter(-26).toString()}" stroke-width="4"`,
    );
    const seam = rect(192, isAcoustic ? 200 : 218, 16, 152, wood.lighter(14));
    const hole = circle(200, 254, 25, '#1c120b') + ring(200, 254, 29, wood.lighter(-25), 4);
    const plate = path(
      'M206 226C244 222 250 262 246 296L214 306Z',
      new Colour(0, 0, random.pick([95, 10])),
      'opacity="0.9"',
    );
    const pickups = repeat(3, (i) => rect(180, 238 + i * 28, 40, 12, '#222', 4));
    const string = (i: number) => line(`M${191.5 + i * 3.4} 34L${190 + i * 4} 316`, '#f1ead6', 0.9, 'opacity="0.9"');
    const tuners = repeat(
      3,
      (i) => circle(180, 20 + i * 14, 4.5, '#d9d9d9') + circle(220, 20 + i * 14, 4.5, '#d9d9d9'),
    );
    const drawing = [
      half + mirrored(half, 200) + seam,
      isAcoustic ? hole : plate + pickups,
      rect(188, 50, 24, isAcoustic ? 186 : 178, sketch.gradient([neck.lighter(8), neck, neck.lighter(-6)])),
      repeat(12, (i) => rect(188, 62 + i * (15 - i * 0.2), 24, 1.6, '#cbb98a')),
      tuners + path('M184 52L181 12Q200 2 219 12L216 52Z', neck.lighter(isAcoustic ? 4 : 18)),
      rect(174, 308, 52, 11, neck, 4),
      repeat(6, string),
    ].join('');
    return group(drawing, `rotate(${random.between(12, 48)} 200 200)`);
  },
};
