import { Colour, productColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import type { Random } from '../random.js';
import { circle, line, path, polar, rect, repeat } from '../sketch.js';
import type { Sketch } from '../sketch.js';

/** A column with arms, its ribs and spines drawn along it. */
function column(d: string, width: number, green: Colour): string {
  const ribs = [0.62, 0.44, 0.14].map((share, i) => line(d, green.lighter([-12, 4, -10][i]!), width * share)).join('');
  const spines = `stroke="#f4efd4" stroke-width="${width * 0.86}" stroke-dasharray="1 11" opacity="0.4"`;
  return line(d, green.lighter(-4), width) + ribs + path(d, 'none', spines);
}

function saguaro(green: Colour, random: Random): string {
  const top = random.between(76, 116);
  const arm = (side: number, at: number, reach: number) =>
    `M200 ${at}L${200 + side * (reach - 14)} ${at}Q${200 + side * reach} ${at} ${200 + side * reach} ${at - 16}L${200 + side * reach} ${at - random.between(30, 66)}`;
  const arms = [
    column(arm(-1, random.between(176, 216), random.between(52, 74)), 28, green),
    column(arm(1, random.between(160, 206), random.between(52, 76)), 28, green),
  ];
  const shown = random.pick([arms.join(''), arms.join(''), arms[0]!]);
  return shown + column(`M200 ${top}L200 262`, random.between(44, 58), green);
}

function barrel(green: Colour, sketch: Sketch, random: Random): string {
  const [rx, ry] = [random.between(62, 84), random.between(62, 80)];
  const cy = 254 - ry * 0.8;
  const rib = (i: number) =>
    `<ellipse cx="200" cy="${cy}" rx="${rx * (1 - i / 5.5)}" ry="${ry}" fill="${i % 2 ? green.lighter(8).toString() : green.lighter(-7).toString()}"/>`;
  const spine = () => {
    const [x, y] = polar(200, cy, random.between(0, 360), rx * Math.sqrt(random.between(0, 1)));
    return line(`M${x - 5} ${y - 3}L${x + 5} ${y + 3}M${x + 5} ${y - 4}L${x - 4} ${y + 4}`, '#f6f0d0', 1.3);
  };
  const shade = circle(
    200,
    cy,
    rx,
    sketch.glow(['rgba(255,255,255,.25)', 'rgba(0,0,0,0)', 'rgba(0,0,0,.4)'], 0.35, 0.3, 0.8),
  );
  return repeat(6, rib) + shade + repeat(60, spine);
}

/** In a pot: a column with arms or a ball, perhaps in bloom. */
export const cactus: Kind = {
  name: 'cactus',
  setting: 'floor',
  draw: (sketch, random) => {
    const green = new Colour(random.between(95, 155), random.between(30, 55), random.between(28, 42));
    const clay = random.chance(0.55) ? new Colour(16, 55, random.between(42, 54)) : productColour(random);
    const isBarrel = random.chance(0.35);
    const [top, bottom] = [random.between(62, 74), random.between(42, 54)];
    const pot = `M${204 - top} 258L${196 + top} 258L${200 + bottom} 332L${200 - bottom} 332Z`;
    const shade = sketch.gradient(['rgba(0,0,0,.25)', 'rgba(255,255,255,.25)', 'rgba(0,0,0,0)', 'rgba(0,0,0,.4)']);
    const bloom = new Colour(random.between(300, 400), 80, 62);
    const flowerY = isBarrel ? 130 : 88;
    const flower =
      repeat(7, (i) => circle(...polar(200, flowerY, i * 51.4, 12), 8.5, bloom)) + circle(200, flowerY, 7, '#ffd75e');
    return [
      isBarrel ? barrel(green, sketch, random) : saguaro(green, random),
      random.chance(0.35) ? flower : '',
      path(pot, decoratedPaint(sketch, random, clay)) + path(pot, shade),
      rect(196 - top, 244, 2 * top + 8, 20, clay.lighter(-6), 4) + rect(196 - top, 244, 2 * top + 8, 20, shade, 4),
    ].join('');
  },
};
