import { useState } from 'preact/hooks';

interface Place {
  x: number;
  y: number;
}

interface MatchLinesProps {
  a: ComparedPicture;
  b: ComparedPicture;
  /** Points of both that belong together, in pixels of each picture. */
  points: readonly { a: Place; b: Place }[];
}

interface Size {
  width: number;
  height: number;
}

/** A picture as it is shown; its size where it is shown in another than its own. */
export interface ComparedPicture {
  src: string;
  size?: Size;
}

/** The drawing is so wide; it is scaled to the page. */
const WIDTH = 1000;
const GAP = 20;
/** More lines than this only cover the pictures. */
const LINES = 80;

/** Two pictures of one height beside each other, and lines between what they have in common. */
export function MatchLines({ a, b, points }: MatchLinesProps) {
  const [seenA, setSeenA] = useState<Size>({ width: 1, height: 1 });
  const [seenB, setSeenB] = useState<Size>({ width: 1, height: 1 });
  const ratios = [seenA.width / seenA.height, seenB.width / seenB.height] as const;
  const height = (WIDTH - GAP) / (ratios[0] + ratios[1]);
  const left = ratios[0] * height + GAP;
  const scale = { a: height / (a.size ?? seenA).height, b: height / (b.size ?? seenB).height };
  return (
    <div class="matches" style={{ aspectRatio: `${WIDTH} / ${height}` }}>
      <img src={a.src} alt="A" style={{ width: `${(ratios[0] * height * 100) / WIDTH}%` }} onLoad={measure(setSeenA)} />
      <img src={b.src} alt="B" style={{ width: `${(ratios[1] * height * 100) / WIDTH}%` }} onLoad={measure(setSeenB)} />
      <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
        {spread(points).map((pair, i) => (
          <line
            key={i}
            x1={pair.a.x * scale.a}
            y1={pair.a.y * scale.a}
            x2={left + pair.b.x * scale.b}
            y2={pair.b.y * scale.b}
          />
        ))}
      </svg>
    </div>
  );
}

function measure(set: (size: Size) => void) {
  return ({ currentTarget }: { currentTarget: HTMLImageElement }): void =>
    set({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight });
}

/** At most so many, taken evenly. */
function spread<T>(values: readonly T[]): T[] {
  const every = Math.ceil(values.length / LINES);
  return values.filter((_, i) => i % every === 0);
}
