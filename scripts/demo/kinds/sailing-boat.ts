import { Colour, productColour, woodColour } from '../colour.js';
import { decoratedPaint } from '../fabric.js';
import type { Kind } from '../kind.js';
import { circle, group, line, mirrored, path, polygon, rect, repeat } from '../sketch.js';

/** A boat under sail by day; the sea in rows of waves. */
export const sailingBoat: Kind = {
  name: 'sailing-boat',
  setting: 'scene',
  draw: (sketch, random) => {
    const sky = new Colour(random.between(192, 218), random.between(40, 80), random.between(62, 80));
    const sea = new Colour(random.between(180, 218), random.between(50, 75), random.between(30, 46));
    const hull = random.chance(0.35) ? woodColour(random) : productColour(random);
    const sail = random.chance(0.6)
      ? new Colour(45, 30, 96).toString()
      : decoratedPaint(sketch, random, productColour(random).lighter(15));
    const [mast, bow] = [random.between(44, 78), random.between(96, 116)];
    const main = polygon([
      [206, mast],
      [206, 232],
      [200 + bow, 232],
    ]);
    const jib = `M192 ${mast + 14}Q${200 - bow * 0.4} 160 ${204 - bow} 236L192 230Z`;
    const shade = sketch.gradient(['rgba(0,0,0,0)', 'rgba(30,50,80,.28)']);
    const boat = [
      line(`M199 ${mast - 8}V250`, '#6b4a2a', 6),
      path(main, sail) + path(main, shade) + path(jib, sail) + path(jib, shade),
      path(`M199 ${mast - 10}l${random.pick([30, -30])} 8l-2 6Z`, productColour(random)),
      path(
        `M${196 - bow} 246L${208 + bow} 246Q${190 + bow} 290 ${170 + bow} 294L${232 - bow} 294Q${206 - bow} 280 ${196 - bow} 246Z`,
        sketch.gradient([hull.lighter(10), hull.lighter(-16)], 'down'),
      ),
      line(`M${198 - bow} 252L${204 + bow} 252`, 'white', 5),
    ].join('');
    const pose = `translate(${random.between(-34, 34)} ${random.between(-6, 16)}) rotate(${random.between(-9, 9)} 200 270)`;
    const horizon = random.between(200, 226);
    const wave = (i: number) => {
      const y = horizon + 6 + i * i * 1.5;
      const step = 16 + i * 5;
      const x = random.between(-step, 0);
      const crests = repeat(Math.ceil(440 / step), () => `q${step / 4} ${-3 - i * 0.6} ${step / 2} 0t${step / 2} 0`);
      return (
        path(`M${x} ${y}${crests}V420H${x}Z`, sea.lighter(8 - i * 2.2), 'opacity="0.85"') +
        line(`M${x} ${y}${crests}`, 'white', 1 + i * 0.15, 'opacity="0.35"')
      );
    };
    const waves = Array.from({ length: 11 }, (_, i) => wave(i));
    const puff = () =>
      circle(random.between(-40, 440), random.between(20, 150), random.between(14, 40), 'white', 'opacity="0.7"');
    const island = path(
      `M-10 ${horizon}Q${random.between(20, 120)} ${horizon - random.between(20, 56)} ${random.between(150, 260)} ${horizon}Z`,
      sea.lighter(12).turned(-40),
    );
    return [
      rect(-5, -5, 410, 410, sketch.gradient([sky, sky.lighter(16)], 'down')),
      sketch.blurred(repeat(7, puff), 10),
      random.chance(0.5) ? island : '',
      rect(-5, horizon, 410, 210, sea.lighter(6)),
      waves.slice(0, 7).join(''),
      group(random.chance(0.5) ? boat : mirrored(boat, 200), pose),
      waves.slice(7).join(''),
    ].join('');
  },
};
