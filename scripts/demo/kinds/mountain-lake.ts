import { Colour } from '../colour.js';
import type { Kind } from '../kind.js';
import type { Random } from '../random.js';
import { circle, faded, group, line, path, polygon, rect, repeat } from '../sketch.js';
import type { Sketch } from '../sketch.js';

type Point = [number, number];

/** A jagged line by midpoint displacement: halves each span and shifts its middle by less and less. */
function ridge(points: Point[], rough: number, random: Random): Point[] {
  if (rough < 2) return points;
  const finer = points.flatMap((point, i): Point[] => {
    const next = points[i + 1];
    if (!next) return [point];
    return [point, [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2 + random.between(-rough, rough)]];
  });
  return ridge(finer, rough * 0.54, random);
}

function mountain(rock: Colour, peak: number, sketch: Sketch, random: Random): string {
  const x = random.between(60, 340);
  const outline = ridge(
    [
      [-10, random.between(150, 190)],
      [x, peak],
      [410, random.between(140, 190)],
    ],
    26,
    random,
  );
  const shape = polygon([...outline, [410, 250], [-10, 250]]);
  const snowLine = ridge(
    [
      [-10, peak + 50],
      [410, peak + 50],
    ],
    22,
    random,
  );
  const snow = sketch.clipped(
    path(polygon([[-10, 0], [410, 0], ...snowLine.reverse()]), 'white', 'opacity="0.9"'),
    shape,
  );
  const crest = ridge(
    [
      [x, peak - 30],
      [x + random.between(-10, 30), 170],
      [x + random.between(-30, 60), 260],
    ],
    16,
    random,
  );
  const flank = sketch.clipped(path(polygon([...crest, [x + 260, 260]]), 'black', 'opacity="0.2"'), shape);
  return path(shape, sketch.gradient([rock.lighter(10), rock.lighter(-8)], 'down')) + snow + flank;
}

function shoreline(green: Colour, random: Random): string {
  const fir = () => {
    const [x, h] = [random.between(-5, 405), random.between(18, 48)];
    return path(
      polygon([
        [x, 240 - h],
        [x + h * 0.24, 243],
        [x - h * 0.24, 243],
      ]),
      green.lighter(random.between(-7, 6)),
    );
  };
  return path('M-10 232Q100 218 200 232T410 226V244H-10Z', green) + repeat(46, fir);
}

/** Snowy peaks and firs, seen twice: the lake mirrors them. */
export const mountainLake: Kind = {
  name: 'mountain-lake',
  setting: 'scene',
  draw: (sketch, random) => {
    const isDusk = random.chance(0.3);
    const sky = isDusk
      ? new Colour(random.between(270, 380), 45, 68)
      : new Colour(random.between(198, 220), random.between(45, 75), random.between(60, 74));
    const rock = new Colour(random.between(205, 250), random.between(10, 28), random.between(36, 52));
    const green = new Colour(random.between(100, 165), 35, random.between(18, 28));
    const puff = () =>
      circle(random.between(0, 400), random.between(10, 90), random.between(10, 30), 'white', 'opacity="0.55"');
    const shore = [
      rect(-10, -10, 420, 260, sketch.gradient([sky, sky.lighter(20)], 'down')),
      sketch.blurred(repeat(7, puff), 8),
      mountain(rock.lighter(18), random.between(50, 90), sketch, random),
      mountain(rock, random.between(70, 125), sketch, random),
      shoreline(green, random),
    ].join('');
    const ripple = () => {
      const [x, y] = [random.between(-20, 380), random.between(256, 400)];
      return line(`M${x} ${y}H${x + random.between(20, 90)}`, 'white', random.between(0.8, 2.2), 'opacity="0.35"');
    };
    return [
      shore,
      group(shore, 'translate(0 484) scale(1 -1)'),
      faded(rect(-10, 242, 420, 170, sketch.gradient([sky.lighter(-20), sky.lighter(-42)], 'down')), 0.5),
      repeat(38, ripple),
    ].join('');
  },
};
