import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { searchBy } from '../search/search-actions.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';
import { nearestTo, pan, seen, wholeMap, zoom, type Camera, type Point, type Seen, type Size } from './camera.js';
import { drawMap, PICTURE } from './draw-map.js';
import type { MapImage } from './map-worker.js';
import { Thumbnails } from './thumbnails.js';
import { usePointers } from './pointers.js';

interface MapCanvasProps {
  collection: string;
  images: readonly MapImage[];
  places: Float32Array;
}

/** Pixels that a picture has for itself. */
const CELL = PICTURE + 6;
const STEP = 60;
const NEARER = 1.5;
/** Pixels of the wheel that make the map e times as large. */
const WHEEL = 400;

/** The map itself: drawn anew when it is moved, and when a picture has come. */
export function MapCanvas({ collection, images, places }: MapCanvasProps) {
  const { map: text } = words.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const whole = wholeMap(size);
  const [moved, setCamera] = useState<Camera>();
  const camera = moved ?? whole;
  const [, setArrived] = useState(0);
  const thumbnails = useMemo(() => new Thumbnails(collection, () => setArrived((n) => n + 1)), [collection]);
  const [hovered, setHovered] = useState<number>();
  const inSight = useMemo(() => seen(places, camera, size, CELL), [places, camera.scale, camera.x, camera.y, size]);
  useEffect(() => drawMap(canvas.current!, { size, inSight, images, thumbnails, hovered }));

  const middle = { x: size.width / 2, y: size.height / 2 };
  const at = (point: Point, reach = PICTURE / 2): Seen | undefined => nearestTo(inSight, point, reach);
  const choose = (one: Seen | undefined): void => {
    if (one !== undefined) searchBy({ kind: 'id', value: images[one.index]!.id });
  };
  const nearer = (factor: number, point: Point = middle): void => setCamera(zoom(camera, factor, point, whole));
  const pointers = usePointers({
    onMove: (dx, dy) => setCamera(pan(camera, dx, dy)),
    onClick: (point) => choose(at(point)),
    onHover: (point) => setHovered(at(point)?.index),
    onPinch: nearer,
  });
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setCamera(pan(camera, STEP, 0)),
    ArrowRight: () => setCamera(pan(camera, -STEP, 0)),
    ArrowUp: () => setCamera(pan(camera, 0, STEP)),
    ArrowDown: () => setCamera(pan(camera, 0, -STEP)),
    '+': () => nearer(NEARER),
    '-': () => nearer(1 / NEARER),
    '0': () => setCamera(undefined),
    Enter: () => choose(at(middle, Infinity)),
  };
  return (
    <div class="map-stage">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={text.label(images.length)}
        class={hovered === undefined ? '' : 'over'}
        onWheel={(event) => {
          event.preventDefault();
          nearer(Math.exp(-event.deltaY / WHEEL), { x: event.offsetX, y: event.offsetY });
        }}
        onKeyDown={(event) => {
          if (keys[event.key] === undefined) return;
          event.preventDefault();
          keys[event.key]!();
        }}
        {...pointers}
      />
      {hovered !== undefined && <p class="map-label">{images[hovered]?.id}</p>}
      <p class="map-hint faint">{text.hint(images.length)}</p>
      <div class="map-buttons">
        <IconButton icon="plus" label={text.nearer} onClick={() => nearer(NEARER)} />
        <IconButton icon="minus" label={text.farther} onClick={() => nearer(1 / NEARER)} />
        <IconButton icon="target" label={text.whole} onClick={() => setCamera(undefined)} />
      </div>
    </div>
  );
}

function useSize(canvas: { current: HTMLCanvasElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  useEffect(() => {
    const stage = canvas.current!;
    const measure = (): void => setSize({ width: stage.clientWidth, height: stage.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  return size;
}
