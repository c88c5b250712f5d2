import { Colour } from '../colour.js';
import type { Kind } from '../kind.js';
import { circle, group, line, path, polar, repeat } from '../sketch.js';

/** One large bloom with its seeds in a spiral (golden angle), a stem and leaves. */
export const sunflower: Kind = {
  name: 'sunflower',
  setting: 'open',
  draw: (sketch, random) => {
    const gold = new Colour(random.between(38, 52), 95, random.between(48, 56));
    const green = new Colour(random.between(85, 125), 45, random.between(25, 38));
    const [x, y, disk] = [200 + random.between(-16, 16), random.between(140, 172), random.between(42, 60)];
    const [petals, reach] = [random.whole(15, 26), disk + random.between(48, 74)];
    const petal = (turn: number, tone: Colour) => {
      const width = random.between(15, 22);
      const d = `M${x} ${y - disk + 8}C${x - width} ${y - disk - 16} ${x - width * 0.8} ${y - reach + 22} ${x} ${y - reach - random.between(-6, 8)}C${x + width * 0.8} ${y - reach + 22} ${x + width} ${y - disk - 16} ${x} ${y - disk + 8}Z`;
      return group(
        path(d, tone) + line(`M${x} ${y - disk}L${x} ${y - reach + 16}`, tone.lighter(-12), 1.6),
        `rotate(${turn} ${x} ${y})`,
      );
    };
    const circleOf = (offset: number, tone: Colour) =>
      repeat(petals, (i) =>
        petal((360 / petals) * (i + offset) + random.between(-5, 5), tone.lighter(random.between(-6, 6))),
      );
    const seed = (i: number) => {
      const distance = (disk - 3) * Math.sqrt(i / 210);
      return circle(...polar(x, y, i * 137.508, distance), 2 + distance * 0.022, i % 3 ? '#3b2410' : '#8a5a22');
    };
    const leaf = (side: number, at: number) =>
      path(
        `M200 ${at}C${200 + side * 40} ${at - 50} ${200 + side * 104} ${at - 42} ${200 + side * 118} ${at - 8}C${200 + side * 80} ${at + 18} ${200 + side * 30} ${at + 14} 200 ${at}Z`,
        sketch.gradient([green.lighter(8), green.lighter(-8)], 'down'),
      );
    return [
      line(`M${x} ${y}Q${200 + random.between(-12, 12)} 300 200 470`, green, 14),
      leaf(-1, random.between(310, 350)) + leaf(1, random.between(300, 360)),
      circleOf(0.5, gold.lighter(-12)) + circleOf(0, gold),
      circle(x, y, disk, sketch.glow(['#7a4a16', '#4a2a0e', '#2c1807'])),
      repeat(210, seed),
    ].join('');
  },
};
