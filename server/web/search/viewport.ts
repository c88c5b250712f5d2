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
  /** The rest is drawn next. */
  isFirst: boolean;
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
 * @param key names what is shown: its first drawing is a quick one, of the upper half of the window
 * @returns which part of a high element is in or near the window, in pixels from its top.
 */
export function useStretch(element: RefObject<HTMLElement | null>, height: number, key: unknown): Stretch {
  const [drawn, setDrawn] = useState<unknown>();
  useEffect(() => setDrawn(key), [key]);
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
  if (drawn !== key) return { from, to: from + windowHeight / 2, isFirst: true };
  return { from: from - AHEAD, to: from + windowHeight + AHEAD, isFirst: false };
}
