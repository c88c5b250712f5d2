import { expect, it } from 'vitest';
import { cropPixels } from '../../../engine/image/crop.js';

it('copies a part of the colours and of the mask', () => {
  const data = Uint8Array.from({ length: 3 * 2 * 3 }, (_, i) => i);
  const mask = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const region = { x: 1, y: 0, width: 2, height: 2 };
  expect(cropPixels({ width: 3, height: 2, data, mask }, region)).toEqual({
    ...{ width: 2, height: 2 },
    data: Uint8Array.of(3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17),
    mask: Uint8Array.of(2, 3, 5, 6),
  });
  expect(cropPixels({ width: 3, height: 2, data }, region)).not.toHaveProperty('mask');
});
