import { useRef } from 'preact/hooks';
import type { Point } from './camera.js';

interface PointerHandlers {
  onMove: (dx: number, dy: number) => void;
  onClick: (at: Point) => void;
  onHover: (at: Point) => void;
  /** Two fingers: how much farther apart they are than before, and their middle. */
  onPinch: (factor: number, at: Point) => void;
}

/** A pointer that moves less than this, in pixels, is a click. */
const CLICK = 5;

/** Pointers over an element: one moves, a short one clicks, two zoom. @returns handlers for the element */
export function usePointers({ onMove, onClick, onHover, onPinch }: PointerHandlers) {
  const held = useRef(new Map<number, Point>());
  const path = useRef(0);
  const at = ({ offsetX: x, offsetY: y }: PointerEvent): Point => ({ x, y });
  const follow = (event: PointerEvent, before: Point): void => {
    const now = at(event);
    const [other] = [...held.current].flatMap(([id, place]) => (id === event.pointerId ? [] : [place]));
    held.current.set(event.pointerId, now);
    path.current += apart(now, before);
    if (other === undefined) onMove(now.x - before.x, now.y - before.y);
    else onPinch(apart(now, other) / Math.max(1, apart(before, other)), halfway(now, other));
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, at(event));
      path.current = 0;
    },
    onPointerMove: (event: PointerEvent) => {
      const before = held.current.get(event.pointerId);
      if (before === undefined) onHover(at(event));
      else follow(event, before);
    },
    onPointerUp: (event: PointerEvent) => {
      held.current.delete(event.pointerId);
      if (held.current.size === 0 && path.current < CLICK) onClick(at(event));
    },
    onPointerCancel: (event: PointerEvent) => void held.current.delete(event.pointerId),
  };
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function halfway(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
