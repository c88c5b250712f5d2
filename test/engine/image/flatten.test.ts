import { expect, it } from 'vitest';
import { flattenAlpha } from '../../../engine/image/flatten.js';

it('lays each pixel on white by its alpha', () => {
  const rgba = Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 0, 0, 255, 51, 51, 10, 20, 30, 128);
  const { data, mask, width, height } = flattenAlpha(rgba, 2, 2);
  expect([width, height]).toEqual([2, 2]);
  expect([...mask!]).toEqual([255, 0, 51, 128]);
  // alpha 51 is a fifth: 255 - 255/5 = 204; 255; 255 - 204/5 = 214.2. Alpha 128: 255 - 245 * 0.50196 = 132.02 ...
  expect([...data]).toEqual([200, 100, 50, 255, 255, 255, 204, 255, 214, 132, 137, 142]);
});

it('gives no mask where every pixel is opaque', () => {
  expect(flattenAlpha(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255), 2, 1)).toEqual({
    width: 2,
    height: 1,
    data: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
});
