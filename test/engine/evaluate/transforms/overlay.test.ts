import { describe, expect, it } from 'vitest';
import { frame, overlay } from '../../../../engine/evaluate/transforms/overlay.js';
import { greyPicture, redRows } from './pixels.js';

const flat = (width: number, height: number) =>
  greyPicture(...Array.from({ length: height }, () => Array<number>(width).fill(100)));

describe('overlays', () => {
  it('a banner with strokes covers its part and nothing else', async () => {
    const banner = overlay('banner', { x: 0.25, y: 0, width: 0.5, height: 1 });
    // 4 pixels high: strokes of 1 pixel in every second column, a row of paper above and below
    expect(await redRows(banner, flat(8, 4))).toEqual([
      [100, 100, 240, 240, 240, 240, 100, 100],
      [100, 100, 20, 240, 20, 240, 100, 100],
      [100, 100, 20, 240, 20, 240, 100, 100],
      [100, 100, 240, 240, 240, 240, 100, 100],
    ]);
  });

  it('a frame covers the edges, and is opaque', async () => {
    const picture = { ...flat(4, 4), mask: new Uint8Array(16) };
    expect(await redRows(frame('frame', 0.25, 7), picture)).toEqual([
      [7, 7, 7, 7],
      [7, 100, 100, 7],
      [7, 100, 100, 7],
      [7, 7, 7, 7],
    ]);
    const { mask } = await frame('frame', 0.25, 7).apply(picture);
    expect([...mask!].filter((value) => value === 255)).toHaveLength(12);
    expect(picture.mask.every((value) => value === 0)).toBe(true);
  });
});
