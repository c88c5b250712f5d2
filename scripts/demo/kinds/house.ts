import { Colour, productColour } from '../colour.js';
import type { Kind } from '../kind.js';
import type { Random } from '../random.js';
import { circle, line, path, polygon, rect, repeat } from '../sketch.js';
import type { Sketch } from '../sketch.js';

function window(x: number, y: number, width: number, height: number, sketch: Sketch): string {
  const glass = sketch.gradient(['#9cc4dc', '#4d7793'], 'down');
  const bars = line(`M${x + width / 2} ${y}V${y + height}M${x} ${y + height / 2}H${x + width}`, 'white', 3);
  return rect(x - 4, y - 4, width + 8, height + 8, 'white') + rect(x, y, width, height, glass) + bars;
}

function tree(x: number, random: Random): string {
  const green = new Colour(random.between(85, 140), 40, random.between(26, 40));
  const crown = () =>
    circle(
      x + random.between(-24, 24),
      random.between(170, 240),
      random.between(22, 36),
      green.lighter(random.between(-5, 7)),
    );
  const fir = path(
    polygon([
      [x, 120],
      [x + 42, 290],
      [x - 42, 290],
    ]),
    green.lighter(-6),
  );
  return line(`M${x} 312V220`, '#5b4128', 11) + (random.chance(0.6) ? repeat(10, crown) : fir);
}

/** A family house in a garden: gable, door, windows, chimney, trees. */
export const house: Kind = {
  name: 'house',
  setting: 'scene',
  draw: (sketch, random) => {
    const sky = new Colour(random.between(195, 222), random.between(40, 75), random.between(62, 78));
    const wall = random.chance(0.5)
      ? new Colour(random.between(25, 50), 35, random.between(78, 92))
      : productColour(random).lighter(18);
    const roof = random.pick([
      new Colour(10, 50, 36),
      new Colour(220, 12, 30),
      new Colour(22, 40, 28),
      new Colour(350, 40, 34),
    ]);
    const grass = new Colour(random.between(80, 115), 45, random.between(36, 48));
    const [left, right] = [random.between(70, 104), random.between(296, 332)];
    const [eaves, ridge] = [random.between(168, 196), random.between(84, 118)];
    const middle = (left + right) / 2;
    const courses = sketch.pattern(
      16,
      9,
      rect(0, 0, 16, 9, roof) + rect(0, 7.5, 16, 1.5, roof.lighter(-12)) + rect(0, 0, 1.5, 9, roof.lighter(-8)),
    );
    const boards = sketch.pattern(20, 13, rect(0, 0, 20, 13, wall) + rect(0, 11.5, 20, 1.5, wall.lighter(-12)));
    const hipped = polygon([
      [left - 18, eaves],
      [left + 46, ridge + 14],
      [right - 46, ridge + 14],
      [right + 18, eaves],
    ]);
    const gable = polygon([
      [left - 18, eaves],
      [middle, ridge - 12],
      [right + 18, eaves],
    ]);
    const top = random.pick([hipped, gable]);
    const door = random.between(middle - 60, middle + 30);
    const puff = () =>
      circle(random.between(-40, 440), random.between(20, 130), random.between(14, 34), 'white', 'opacity="0.7"');
    return [
      rect(-5, -5, 410, 410, sketch.gradient([sky, sky.lighter(18)], 'down')),
      sketch.blurred(repeat(8, puff), 9),
      path('M-5 290Q90 262 200 280T405 270V405H-5Z', grass.lighter(-10)),
      tree(random.between(10, 50), random) + (random.chance(0.7) ? tree(random.between(352, 392), random) : ''),
      rect(random.pick([left + 34, right - 62]), ridge - 6, 26, 80, new Colour(12, 40, 40)),
      rect(left, eaves - 6, right - left, 322 - eaves, random.chance(0.6) ? boards : wall),
      path(top, courses, `stroke="${roof.lighter(-12).toString()}" stroke-width="4"`),
      top === gable
        ? circle(middle, (eaves + ridge) / 2 + 12, 13, 'white') + circle(middle, (eaves + ridge) / 2 + 12, 9, '#5d86a0')
        : '',
      rect(door, 246, 40, 70, productColour(random).lighter(-6), 2) + circle(door + 33, 284, 3, '#f1d37a'),
      window(left + 18, 222, 36, 40, sketch) + window(right - 54, 222, 36, 40, sketch),
      path('M-5 314Q200 296 405 316V405H-5Z', sketch.gradient([grass.lighter(6), grass.lighter(-8)], 'down')),
      path(`M${door + 4} 314L${door + 36} 314L${door + 84} 405L${door - 46} 405Z`, new Colour(38, 20, 72)),
      repeat(9, () =>
        circle(
          random.between(0, 400),
          random.between(322, 345),
          random.between(9, 17),
          grass.lighter(random.between(-14, -4)),
        ),
      ),
    ].join('');
  },
};
