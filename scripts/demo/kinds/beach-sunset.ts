import { Colour } from '../colour.js';
import type { Kind } from '../kind.js';
import type { Random } from '../random.js';
import { circle, group, line, path, rect, repeat } from '../sketch.js';

const SHADOW = '#1d1220';

/** A leaf that rises from the crown and hangs down, left (side -1) or right (1). */
function frond(side: number, reach: number, droop: number): string {
  const tip = `${side * reach} ${droop}`;
  return path(
    `M0 0Q${side * reach * 0.5} ${droop * 0.4 - 46} ${tip}Q${side * reach * 0.46} ${droop * 0.4 - 14} 0 0Z`,
    SHADOW,
  );
}

function palm(x: number, height: number, random: Random): string {
  const [lean, top] = [random.between(-46, 46), 350 - height];
  const hanging = (i: number) => frond(i % 2 ? 1 : -1, random.between(34, 92), -34 + i * 12 + random.between(-8, 8));
  const trunk = line(`M${x} 400Q${x + lean * 0.2} ${top + height * 0.4} ${x + lean} ${top}`, SHADOW, 8);
  return trunk + group(repeat(10, hanging), `translate(${x + lean} ${top})`);
}

/** A low sun over the sea, its path on the water, palms before it. */
export const beachSunset: Kind = {
  name: 'beach-sunset',
  setting: 'scene',
  draw: (sketch, random) => {
    const warm = new Colour(random.between(8, 40), random.between(80, 95), random.between(54, 62));
    const high = new Colour(random.between(235, 325), random.between(35, 60), random.between(28, 42));
    const horizon = random.between(226, 256);
    const [x, radius] = [random.between(110, 290), random.between(26, 50)];
    const y = horizon - random.between(-6, 44);
    const cloud = () => {
      const [cx, cy, width] = [random.between(-40, 440), random.between(30, horizon - 50), random.between(50, 140)];
      return `<ellipse cx="${cx}" cy="${cy}" rx="${width}" ry="${random.between(4, 11)}" fill="${warm.turned(-16).lighter(random.between(-8, 18)).toString()}" opacity="0.6"/>`;
    };
    const glint = (i: number) => {
      const gy = horizon + 5 + i * 6.5;
      const half = random.between(8, 18) + i * 2.6;
      return line(`M${x - half + random.between(-9, 9)} ${gy}H${x + half}`, warm.lighter(26), 2.6, 'opacity="0.8"');
    };
    const sea = sketch.gradient([warm.lighter(-8), high.lighter(2), high.lighter(-14)], 'down');
    const sand = path(
      `M-5 ${random.between(352, 374)}Q160 ${random.between(326, 352)} 405 ${random.between(358, 384)}V405H-5Z`,
      new Colour(random.between(12, 30), 35, 20),
    );
    return [
      rect(
        -5,
        -5,
        410,
        horizon + 5,
        sketch.gradient([high, warm.turned(-28).lighter(-4), warm, warm.turned(12).lighter(16)], 'down'),
      ),
      sketch.blurred(repeat(9, cloud), 5),
      circle(x, y, radius * 3.2, sketch.glow(['rgba(255,240,190,.85)', 'rgba(255,220,150,0)'], 0.5, 0.5, 0.5)),
      circle(x, y, radius, '#fff3c4'),
      rect(-5, horizon, 410, 410 - horizon, sea),
      repeat(20, glint),
      random.chance(0.8) ? sand : '',
      repeat(random.whole(0, 2), (i) =>
        palm(i ? random.between(330, 390) : random.between(10, 70), random.between(150, 240), random),
      ),
      repeat(random.whole(0, 4), () =>
        group(
          line('M-9 -3Q-4 -8 0 0Q4 -8 9 -3', SHADOW, 2.4),
          `translate(${random.between(60, 340)} ${random.between(60, 160)})`,
        ),
      ),
    ].join('');
  },
};
