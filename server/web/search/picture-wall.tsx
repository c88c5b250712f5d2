import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { phase, seen } from '../state/phase.js';
import { heightOf, justifiedRows, neighbourAcross, rowsWithin, type WallRow } from './justified-rows.js';
import type { Shown } from './result-pages.js';
import { HEADER_PX, useStretch, useWidth } from './viewport.js';
import { WallPicture } from './wall-picture.js';

interface PictureWallProps {
  collection: string;
  images: readonly Shown[];
  onDetails: (index: number) => void;
  /** The end of what is known is nearly in sight. */
  onEndNear: () => void;
}

const GAP = 6;
const ROW = { narrow: 128, wide: 190 };

/** Pictures in rows, of which only those near the window are drawn: thousands cost no more than a screenful. */
export function PictureWall({ collection, images, onDetails, onEndNear }: PictureWallProps) {
  const wall = useRef<HTMLUListElement>(null);
  const width = useWidth(wall);
  const rows = useMemo(() => layOut(images, width), [images, width]);
  const height = heightOf(rows);
  const isFirst = phase.value === 'answered';
  const stretch = useStretch(wall, height, isFirst);
  const [active, setActive] = useState(0);
  const toFocus = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (width > 0 && stretch.to >= height) onEndNear();
  }, [stretch.to, height, width, images]);
  useEffect(() => setActive(0), [images[0]?.id]);

  const move = (event: KeyboardEvent): void => {
    const next = target(event.key, { rows, active, count: images.length });
    if (next === undefined || next === active) return;
    event.preventDefault();
    setActive(next);
    toFocus.current = next;
    reveal(wall.current!, rows, next);
  };
  // at the first drawing that has it: a row far away is drawn once it has been scrolled to
  useLayoutEffect(() => {
    if (toFocus.current === undefined) return;
    const picture = wall.current!.querySelector<HTMLElement>(`[data-index="${toFocus.current}"] .wall-main`);
    if (picture === null) return;
    toFocus.current = undefined;
    picture.focus({ preventScroll: true });
  });
  return (
    <ul
      ref={wall}
      class="wall"
      aria-busy={isFirst}
      style={{ height: `${height}px` }}
      onKeyDown={move}
      onLoadCapture={isFirst ? seen : undefined}
      onErrorCapture={isFirst ? seen : undefined}
    >
      {rowsWithin(rows, stretch.from, stretch.to).flatMap((row) =>
        row.pictures.map((place) => (
          <WallPicture
            key={images[place.index]!.id}
            {...{ collection, place, row, count: images.length, onDetails }}
            image={images[place.index]!}
            active={place.index === active}
            onFocus={() => setActive(place.index)}
          />
        )),
      )}
    </ul>
  );
}

function layOut(images: readonly Shown[], width: number): WallRow[] {
  if (width === 0) return [];
  const ratios = images.map(({ image }) => (image === undefined ? 1 : image.width / image.height));
  return justifiedRows(ratios, { width, gap: GAP, rowHeight: width < 600 ? ROW.narrow : ROW.wide });
}

/** Where a key goes from the active picture. */
function target(key: string, wall: { rows: readonly WallRow[]; active: number; count: number }): number | undefined {
  const { rows, active, count } = wall;
  const targets: Readonly<Record<string, () => number>> = {
    ArrowLeft: () => Math.max(0, active - 1),
    ArrowRight: () => Math.min(count - 1, active + 1),
    ArrowUp: () => neighbourAcross(rows, active, -1),
    ArrowDown: () => neighbourAcross(rows, active, 1),
    Home: () => 0,
    End: () => count - 1,
  };
  return targets[key]?.();
}

/** Brings the row of a picture into sight, which draws it. */
function reveal(wall: HTMLElement, rows: readonly WallRow[], index: number): void {
  const row = rows.find(({ pictures }) => pictures.some((picture) => picture.index === index));
  if (row === undefined) return;
  const top = wall.getBoundingClientRect().top + row.top;
  if (top < HEADER_PX) scrollBy({ top: top - HEADER_PX });
  else if (top + row.height > innerHeight) scrollBy({ top: top + row.height - innerHeight + 16 });
}
