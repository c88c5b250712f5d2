import { expect, it } from 'vitest';
import { pixelsToTensor } from '../../../engine/image/tensor.js';
import { modelInputSchema } from '../../../engine/model/manifest.js';

/** Two pixels side by side. */
const PIXELS = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
const input = (more: object) =>
  modelInputSchema.parse({ name: 'x', scale: 1, mean: [10, 20, 30], std: [1, 2, 10], ...more });
const tensor = (more: object) => [...pixelsToTensor(PIXELS, input(more))];

it.each([
  ['nchw', 'rgb', [0, 30, 0, 15, 0, 3]],
  ['nhwc', 'rgb', [0, 0, 0, 30, 15, 3]],
  // mean and std stay with the network's channels: blue is now first, and has mean 10 and std 1
  ['nchw', 'bgr', [20, 50, 0, 15, -2, 1]],
  ['nhwc', 'bgr', [20, 0, -2, 50, 15, 1]],
])('%s %s', (layout, channelOrder, expected) => {
  const got = tensor({ layout, channelOrder });
  expected.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));
  expect(got).toHaveLength(6);
});

it('scales before it takes the mean away', () => {
  const white = { width: 1, height: 1, data: Uint8Array.of(255, 0, 51) };
  const got = pixelsToTensor(white, modelInputSchema.parse({ name: 'x', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }));
  [1, -1, -0.6].forEach((value, i) => expect(got[i]).toBeCloseTo(value, 6));
});
