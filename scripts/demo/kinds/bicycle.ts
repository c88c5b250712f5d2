import { productColour, woodColour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, line, polar, repeat, ring } from '../sketch.js';
import type { Random } from '../random.js';

function wheel(cx: number, radius: number, random: Random): string {
  const cy = 330 - radius;
  const count = random.pick([10, 12, 16]);
  const spoke = (i: number) =>
    line(`M${cx} ${cy}L${polar(cx, cy, (360 / count) * i, radius).join(' ')}`, '#9aa0a6', 1.3);
  return (
    repeat(count, spoke) +
    ring(cx, cy, radius - 3, '#23252a', 8) +
    ring(cx, cy, radius - 9, '#b9bec4', 3) +
    circle(cx, cy, 6, '#555')
  );
}

/** From the side: city, road or step-through frame. */
export const bicycle: Kind = {
  name: 'bicycle',
  setting: 'floor',
  draw: (_sketch, random) => {
    const paint = productColour(random);
    const leather = random.chance(0.5) ? woodColour(random).lighter(-8) : paint.lighter(-40);
    const radius = random.between(60, 72);
    const [rear, front, hub] = [94, random.between(300, 314), 330 - radius];
    const [seatX, headX] = [160, front - random.between(32, 44)];
    const [seatY, headY, crankX] = [random.between(168, 184), random.between(158, 172), 186];
    const tube = random.between(6, 9);
    const low = random.chance(0.3) ? 58 : 6;
    const frame = [
      `M${rear} ${hub}L${crankX} ${hub + 6}L${headX} ${headY + 16}`,
      `M${rear} ${hub}L${seatX + 6} ${seatY + 20}L${crankX} ${hub + 6}`,
      `M${seatX + 8 + low * 0.25} ${seatY + 20 + low}L${headX} ${headY + low * 0.4}`,
      `M${seatX + 6} ${seatY + 20}L${seatX - 4} ${seatY - 12}`,
      `M${front} ${hub}L${headX - 6} ${headY - 20}`,
    ];
    const drops = `M${headX - 8} ${headY - 22}L${headX + 20} ${headY - 28}Q${headX + 44} ${headY - 20} ${headX + 30} ${headY + 2}L${headX + 12} ${headY + 2}`;
    const upright = `M${headX - 6} ${headY - 20}L${headX + 2} ${headY - 42}Q${headX - 26} ${headY - 52} ${headX - 44} ${headY - 40}`;
    const flat = `M${headX - 6} ${headY - 20}L${headX - 8} ${headY - 34}L${headX + 22} ${headY - 38}`;
    const basket = `M${front - 30} ${headY - 28}L${front + 24} ${headY - 28}L${front + 16} ${headY + 12}L${front - 22} ${headY + 12}Z`;
    return [
      wheel(rear, radius, random) + wheel(front, radius, random),
      line(`M${rear} ${hub - 8}L${crankX} ${hub - 8}M${rear} ${hub + 8}L${crankX} ${hub + 20}`, '#444', 2),
      frame.map((d) => line(d, paint.lighter(-14), tube + 2) + line(d, paint, tube - 1)).join(''),
      circle(crankX, hub + 6, 15, '#555') + circle(crankX, hub + 6, 7, '#ccc'),
      line(
        `M${crankX} ${hub + 6}L${crankX + 14} ${hub + 32}M${crankX + 6} ${hub + 33}L${crankX + 24} ${hub + 33}`,
        '#333',
        5,
      ),
      line(`M${seatX - 28} ${seatY - 14}Q${seatX - 4} ${seatY - 22} ${seatX + 20} ${seatY - 12}`, leather, 11),
      line(random.pick([drops, upright, flat]), '#333', 7),
      random.chance(0.25)
        ? line(basket, woodColour(random), 5) +
          line(`M${front - 26} ${headY - 8}L${front + 20} ${headY - 8}`, '#8a6a3c', 4)
        : '',
    ].join('');
  },
};
