import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Pixels at the top of the window that the header may cover. */
export const HEADER_PX = 80;
/** Pixels beyond the window that are drawn already. */
const AHEAD = 800;
/** The stretch moves in steps of this, so that scrolling does not draw at every pixel. */
const STEP = 200;

interface Stretch {
  from: number;
  to: number;
}

/** @returns how wide an element is, now and when that changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watched = element.current!;
    setWidth(watched.clientWidth);
    const observer = new ResizeObserver(() => setWidth(watched.clientWidth));
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  return width;
}

/**
 * @param isFirst whether it is the first drawing of what is shown, a quick one: of the uppermost row
 * @returns which part of a high element is in or near the window, in pixels from its top.
 */
export function useStretch(element: RefObject<HTMLElement | null>, height: number, isFirst: boolean): Stretch {
  const [from, setFrom] = useState(0);
  const [windowHeight, setWindowHeight] = useState(innerHeight);
  useEffect(() => {
    const look = (): void => {
      const top = -(element.current?.getBoundingClientRect().top ?? 0);
      setFrom(Math.floor(top / STEP) * STEP);
      setWindowHeight(innerHeight);
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [height]);
  if (isFirst) return { from: Math.max(from, 0), to: Math.max(from, 0) + 1 };
  return { from: from - AHEAD, to: from + windowHeight + AHEAD };
}
