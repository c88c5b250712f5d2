import { Colour, woodColour } from './colour.js';
import type { Kind } from './kind.js';
import type { Random } from './random.js';
import { circle, line, path, rect, repeat } from './sketch.js';
import type { Sketch } from './sketch.js';

type Backdrop = (sketch: Sketch, random: Random) => string;

/** Everything is painted from -150 to 550, so that wide and high pictures are filled too. */
const fill = (paint: { toString(): string }) => rect(-150, -150, 700, 700, paint);
const seed = (random: Random) => random.whole(1, 9999);

const studio: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(0, 360), random.between(0, 14), random.between(80, 97));
  return fill(sketch.glow([tone.lighter(6), tone, tone.lighter(-16)], 0.5, 0.42, 0.65));
};

const colouredPaper: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(0, 360), random.between(25, 55), random.between(55, 82));
  return fill(sketch.gradient([tone.lighter(9), tone, tone.lighter(-10)], 'down'));
};

const darkStudio: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(180, 300), random.between(5, 25), random.between(20, 34));
  return fill(sketch.glow([tone.lighter(18), tone, tone.lighter(-12)], 0.45, 0.4, 0.6));
};

const planks: Backdrop = (sketch, random) => {
  const wood = woodColour(random);
  const height = random.between(48, 90);
  const plank = (i: number) => {
    const tone = wood.lighter(random.between(-5, 5));
    return (
      rect(-150, -150 + i * height, 700, height - 1.5, tone) +
      rect(-150, -151 + i * height, 700, 2.5, wood.lighter(-16))
    );
  };
  return fill(wood) + repeat(Math.ceil(700 / height), plank) + sketch.grain('0.008 0.16', seed(random), 'black', 0.3);
};

const tiles: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(150, 240), random.between(4, 35), random.between(70, 92));
  const size = random.between(44, 80);
  const face = sketch.gradient([tone.lighter(4), tone.lighter(-4)], 'down');
  const tile = rect(0, 0, size, size, tone.lighter(-14)) + rect(1.5, 1.5, size - 3, size - 3, face, 3);
  return fill(sketch.pattern(size, size, tile)) + sketch.grain('0.01', seed(random), 'white', 0.25);
};

const linen: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(20, 220), random.between(6, 24), random.between(68, 88));
  return (
    fill(tone) +
    sketch.grain('0.9 0.06', seed(random), 'black', 0.13) +
    sketch.grain('0.06 0.9', seed(random), 'white', 0.3)
  );
};

const stone: Backdrop = (sketch, random) => {
  const tone = new Colour(random.between(20, 260), random.between(2, 10), random.between(58, 84));
  return (
    fill(tone) + sketch.grain('0.02', seed(random), 'white', 0.6) + sketch.grain('0.5', seed(random), 'black', 0.12)
  );
};

/** A wall, and a floor of another material from y = 290 on. */
const room: Backdrop = (sketch, random) => {
  const wall = random.pick([studio, colouredPaper, tiles, linen])(sketch, random);
  const floor = random.pick([planks, planks, stone, linen])(sketch, random);
  const horizon = random.between(270, 310);
  const edge = `M-150 ${horizon}H550V550H-150Z`;
  const dusk = sketch.gradient(['rgba(0,0,0,0.28)', 'rgba(0,0,0,0)', 'rgba(0,0,0,0)'], 'down');
  return wall + sketch.clipped(floor, edge) + path(edge, dusk);
};

/** Leaves and light out of focus. */
const foliage: Backdrop = (sketch, random) => {
  const green = new Colour(random.between(80, 140), random.between(25, 50), random.between(30, 62));
  const spot = () => {
    const tone = green.lighter(random.between(-16, 26)).turned(random.between(-25, 25));
    return circle(random.between(-120, 520), random.between(-120, 520), random.between(18, 75), tone, 'opacity="0.6"');
  };
  return fill(green) + sketch.blurred(repeat(34, spot), random.between(9, 20));
};

const sky: Backdrop = (sketch, random) => {
  const blue = new Colour(random.between(195, 220), random.between(45, 75), random.between(58, 74));
  const puff = () =>
    circle(random.between(-100, 500), random.between(0, 330), random.between(14, 46), 'white', 'opacity="0.75"');
  return fill(sketch.gradient([blue, blue.lighter(20)], 'down')) + sketch.blurred(repeat(9, puff), 12);
};

const water: Backdrop = (sketch, random) => {
  const blue = new Colour(random.between(170, 222), random.between(50, 80), random.between(38, 62));
  const ray = (i: number) => {
    const x = -100 + i * 90 + random.between(-30, 30);
    return path(
      `M${x} -150L${x + random.between(20, 60)} -150L${x + 160} 550L${x + 30} 550Z`,
      'white',
      'opacity="0.12"',
    );
  };
  const bubble = () => {
    const [x, y, r] = [random.between(0, 400), random.between(0, 400), random.between(2, 9)];
    return (
      circle(x, y, r, 'none', 'stroke="white" stroke-width="1.5" opacity="0.6"') +
      circle(x - r / 3, y - r / 3, r / 4, 'white')
    );
  };
  const weed = () => {
    const [x, sway] = [random.between(-60, 460), random.between(-45, 45)];
    const d = `M${x} 560C${x + sway} 480 ${x - sway} 420 ${x + sway} ${random.between(290, 380)}`;
    return line(d, new Colour(random.between(100, 165), 45, 28), random.between(5, 11), 'opacity="0.75"');
  };
  const depth = sketch.gradient([blue.lighter(22), blue, blue.lighter(-20)], 'down');
  return fill(depth) + sketch.blurred(repeat(7, ray), 8) + repeat(8, weed) + repeat(14, bubble);
};

const BACKDROPS: Record<Kind['setting'], readonly Backdrop[]> = {
  floor: [studio, studio, colouredPaper, room, room, room, darkStudio],
  flat: [studio, colouredPaper, planks, tiles, linen, stone, darkStudio],
  open: [foliage, foliage, sky, colouredPaper, studio],
  water: [water],
  scene: [() => ''],
};

/** @returns what lies behind a picture of that setting. */
export function drawBackdrop(setting: Kind['setting'], sketch: Sketch, random: Random): string {
  return random.pick(BACKDROPS[setting])(sketch, random);
}
