import { expect, it } from 'vitest';
import { padToSquare } from '../../../engine/image/pad.js';

it('puts a picture into the top left corner of a grey square', () => {
  const pixels = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const padded = padToSquare(pixels, 3, 114);
  expect([padded.width, padded.height]).toEqual([3, 3]);
  expect([...padded.data.subarray(0, 9)]).toEqual([1, 2, 3, 4, 5, 6, 114, 114, 114]);
  expect(padded.data.subarray(9).every((value) => value === 114)).toBe(true);
});
