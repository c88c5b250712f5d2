import { Colour } from '../colour.js';
import type { Kind } from '../kind.js';
import type { Random } from '../random.js';
import { circle, faded, group, line, path, rect, repeat } from '../sketch.js';
import type { Sketch } from '../sketch.js';

const LIGHTS = ['#ffd97a', '#ffe9b0', '#ffc25c', '#fff6dc', '#a9d8ff'];

function tower(x: number, width: number, top: number, tone: Colour, random: Random): string {
  const [columns, rows] = [Math.floor((width - 6) / 9), Math.floor((300 - top - 10) / 12)];
  const lit = random.between(0.25, 0.65);
  const window = (i: number) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return random.chance(lit) ? rect(x + 5 + column * 9, top + 8 + row * 12, 5, 7, random.pick(LIGHTS)) : '';
  };
  const roofs = [
    '',
    line(`M${x + width / 2} ${top}v-${random.between(14, 40)}`, tone, 3) +
      circle(x + width / 2, top - 14, 2.4, '#ff4d4d'),
    path(`M${x} ${top}L${x + width / 2} ${top - width * 0.6}L${x + width} ${top}Z`, tone),
  ];
  return rect(x, top, width, 310 - top, tone) + repeat(columns * rows, window) + random.pick(roofs);
}

function skyline(tone: Colour, highest: number, random: Random): string {
  const towers: string[] = [];
  for (let x = -20; x < 410;) {
    const width = random.between(28, 62);
    towers.push(tower(x, width, random.between(highest, 244), tone.lighter(random.between(-3, 4)), random));
    x += width + random.between(-4, 6);
  }
  return towers.join('');
}

function moon(night: Colour, sketch: Sketch, random: Random): string {
  const [x, y, r] = [random.between(50, 350), random.between(78, 100), random.between(14, 24)];
  const halo = circle(x, y, r * 3.4, sketch.glow(['rgba(255,250,220,.5)', 'rgba(255,250,220,0)'], 0.5, 0.5, 0.5));
  return (
    halo +
    circle(x, y, r, '#fdf6dc') +
    (random.chance(0.5) ? circle(x + r * 0.45, y - r * 0.2, r * 0.85, night.lighter(4)) : '')
  );
}

/** Towers with lit windows, stars and a moon, mirrored in a river. */
export const nightCity: Kind = {
  name: 'night-city',
  setting: 'scene',
  draw: (sketch, random) => {
    const night = new Colour(random.between(215, 275), random.between(40, 65), random.between(10, 18));
    const dusk = new Colour(random.pick([230, 265, 300, 335, 20]), 45, random.between(26, 42));
    const star = () =>
      circle(random.between(0, 400), random.between(0, 170), random.between(0.5, 1.5), 'white', 'opacity="0.8"');
    const city =
      skyline(night.lighter(12), random.between(80, 130), random) +
      skyline(night.lighter(2), random.between(120, 170), random);
    const mirror = sketch.blurred(group(city, 'translate(0 600) scale(1 -1)'), 2.2);
    const glint = () => {
      const [x, y] = [random.between(0, 400), random.between(306, 400)];
      return line(`M${x} ${y}h${random.between(8, 40)}`, random.pick(LIGHTS), random.between(0.8, 2), 'opacity="0.3"');
    };
    return [
      rect(-5, -5, 410, 320, sketch.gradient([night, night.lighter(6), dusk], 'down')),
      repeat(60, star),
      random.chance(0.75) ? moon(night, sketch, random) : '',
      city,
      rect(-5, 300, 410, 110, night.lighter(-4)),
      sketch.clipped(faded(mirror, 0.55), 'M-5 300H405V405H-5Z'),
      repeat(40, glint),
      line('M-5 301H405', '#0a0a14', 4),
    ].join('');
  },
};
