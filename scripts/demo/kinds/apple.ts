import { Colour } from '../colour.js';
import type { Kind } from '../kind.js';
import { ellipse, line, path, repeat } from '../sketch.js';

/** Red, green, yellow or two-coloured, with a stem and perhaps a leaf. */
export const apple: Kind = {
  name: 'apple',
  setting: 'floor',
  draw: (sketch, random) => {
    const skin = new Colour(random.pick([352, 2, 8, 48, 75, 95]), random.between(60, 85), random.between(38, 52));
    const [wide, high] = [random.between(96, 116), random.between(150, 200)];
    const top = 330 - high;
    const half = (sign: number) =>
      `C${200 + sign * wide * 0.4} ${top - 34} ${200 + sign * wide * 1.28} ${top - 14} ${200 + sign * wide} ${top + high * 0.45}C${200 + sign * wide * 0.9} ${top + high * 0.92} ${200 + sign * wide * 0.45} 342 ${200 + sign * 6} 325`;
    const body = `M200 ${top + 14}${half(1)}L194 325C${200 - wide * 0.45} 342 ${200 - wide * 0.9} ${top + high * 0.92} ${200 - wide} ${top + high * 0.45}C${200 - wide * 1.28} ${top - 14} ${200 - wide * 0.4} ${top - 34} 200 ${top + 14}Z`;
    const blush = skin.turned(random.between(-40, 40));
    const streak = () => {
      const x = random.between(-wide, wide);
      return line(
        `M${200 + x * 0.3} ${top + 10}Q${200 + x} ${top + high * 0.4} ${200 + x * 0.8} ${top + high * 0.8}`,
        blush.lighter(random.between(-6, 14)),
        random.between(1, 4),
        'opacity="0.35"',
      );
    };
    const lean = random.between(-22, 28);
    const leaf = new Colour(random.between(85, 125), 50, random.between(28, 42));
    return [
      path(body, sketch.glow([skin.lighter(22), skin, blush.lighter(-6), blush.lighter(-22)], 0.34, 0.3, 0.85)),
      sketch.clipped(repeat(26, streak), body),
      ellipse(200, top + 10, 30, 11, skin.lighter(-24), 'opacity="0.6"'),
      line(`M200 ${top + 14}Q${200 + lean * 0.2} ${top - 18} ${200 + lean} ${top - 38}`, '#5b3a1c', 7),
      random.chance(0.7)
        ? path(
            `M204 ${top - 8}Q235 ${top - 62} 285 ${top - 42}Q262 ${top - 2} 204 ${top - 8}Z`,
            sketch.gradient([leaf, leaf.lighter(16)]),
          )
        : '',
      sketch.blurred(ellipse(200 - wide * 0.45, top + high * 0.3, 17, 30, 'white', 'opacity="0.6"'), 5),
    ].join('');
  },
};
