import { useRef, useState } from 'preact/hooks';
import type { Region } from '../../../engine/types.js';
import { words } from '../words/words.js';
import {
  HANDLES,
  isWhole,
  middleOf,
  moveHandle,
  moveRegion,
  regionBetween,
  type Handle,
  type Point,
} from './crop-geometry.js';

interface CropBoxProps {
  src: string;
  region: Region | undefined;
  /** Parts that stand out, each offered as a dot at its middle. */
  subjects: readonly Region[];
  /** Told once a change is finished; undefined is the whole picture. */
  onChange: (region: Region | undefined) => void;
}

/** What a pointer does until it is lifted: the part that it makes where it is now. */
type Stroke = (to: Point) => Region | undefined;

const STEP = 0.02;
const WHOLE: Region = { x: 0, y: 0, width: 1, height: 1 };
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/** A picture with the part of it that is searched by: drawn, moved and resized by mouse, finger or keys. */
export function CropBox({ src, region, subjects, onChange }: CropBoxProps) {
  const { query: text } = words.value;
  const stage = useRef<HTMLDivElement>(null);
  const stroke = useRef<Stroke | undefined>(undefined);
  const [draft, setDraft] = useState<Region>();
  const shown = draft ?? region;

  const letGo = (): void => {
    stroke.current = undefined;
    setDraft(undefined);
  };
  const finish = (next: Region | undefined): void => {
    letGo();
    onChange(next === undefined || isWhole(next) ? undefined : next);
  };
  const begin = (event: PointerEvent, next: Stroke): void => {
    event.preventDefault();
    event.stopPropagation();
    (event.target as HTMLElement).focus();
    stage.current?.setPointerCapture(event.pointerId);
    stroke.current = next;
  };
  const follow = (event: PointerEvent): void => {
    if (stroke.current !== undefined) setDraft(stroke.current(pointOf(event, stage.current!)));
  };
  const end = (event: PointerEvent): void => {
    if (stroke.current === undefined) return;
    const next = stroke.current(pointOf(event, stage.current!));
    // a click is no stroke: what was there stays
    if (next === undefined) letGo();
    else finish(next);
  };
  const draw = (event: PointerEvent): void => {
    const from = pointOf(event, stage.current!);
    begin(event, (to) => regionBetween(from, to));
  };
  const drag = (event: PointerEvent, change: (by: Point) => Region): void => {
    const from = pointOf(event, stage.current!);
    begin(event, (to) => change({ x: to.x - from.x, y: to.y - from.y }));
  };
  const press = (event: KeyboardEvent, change: (by: Point) => Region): void => {
    const by = ARROWS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = change(by);
    // an edge moves across itself only, and nothing moves out of the picture
    if (!isSame(next, box)) finish(next);
  };

  const box = shown ?? WHOLE;
  const move = (by: Point): Region => moveRegion(box, by);
  const resize = (handle: Handle) => (by: Point) => moveHandle(box, handle, by);
  return (
    <div
      ref={stage}
      class="crop-stage"
      role="group"
      aria-label={text.crop}
      onPointerDown={draw}
      onPointerMove={follow}
      onPointerUp={end}
      onPointerCancel={letGo}
    >
      <img src={src} alt="" decoding="async" draggable={false} />
      {shown === undefined &&
        subjects.map((subject, i) => (
          <button
            key={i}
            type="button"
            class="subject"
            title={words.value.subjects.subject(i + 1)}
            aria-label={words.value.subjects.subject(i + 1)}
            style={dotAt(middleOf(subject))}
            onPointerDown={(event) => event.stopPropagation()}
            onClick={() => onChange(subject)}
          />
        ))}
      <div class={`crop-part ${shown === undefined ? 'whole' : ''}`} style={percent(box)}>
        {shown !== undefined && (
          <button
            type="button"
            class="crop-move"
            aria-label={text.part}
            onPointerDown={(event) => drag(event, move)}
            onKeyDown={(event) => press(event, move)}
          />
        )}
        {HANDLES.map((handle) => (
          <button
            key={handle}
            type="button"
            class={`crop-handle ${handle}`}
            aria-label={text.handle(text.handles[handle])}
            onPointerDown={(event) => drag(event, resize(handle))}
            onKeyDown={(event) => press(event, resize(handle))}
          />
        ))}
      </div>
    </div>
  );
}

/** Where the pointer is, in fractions of the stage. */
function pointOf({ clientX, clientY }: PointerEvent, stage: HTMLElement): Point {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

function isSame(a: Region, b: Region): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function percent({ x, y, width, height }: Region) {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}

function dotAt({ x, y }: Point) {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}
