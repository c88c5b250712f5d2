import { expect, it } from 'vitest';
import { atScale, largestScale, planResize, planWholeView } from '../../../engine/image/resize-plan.js';
import { preprocessSchema } from '../../../engine/model/manifest.js';

const plan = (policy: string, width: number, height: number, more: object = {}) =>
  planResize(width, height, preprocessSchema.parse({ policy, size: 224, ...more }));

it('center-crop and stretch give a square', () => {
  expect(plan('center-crop', 800, 600)).toEqual({ width: 224, height: 224, fit: 'cover' });
  expect(plan('stretch', 800, 600)).toEqual({ width: 224, height: 224, fit: 'fill' });
});

it.each([
  [800, 800, 224, 224],
  [800, 600, 288, 224], // 298.7 is nearer to 9 x 32 than to 10 x 32
  [600, 800, 224, 288],
  [448, 224, 448, 224],
  [5000, 100, 448, 224], // maxAspect 2
  [100, 5000, 224, 448],
])('fit brings %i x %i to %i x %i', (width, height, expectedWidth, expectedHeight) => {
  expect(plan('fit', width, height)).toEqual({ width: expectedWidth, height: expectedHeight, fit: 'cover' });
});

it('inside shrinks to the long side, and leaves a smaller picture as it is', () => {
  expect(plan('inside', 896, 600)).toEqual({ width: 224, height: 150, fit: 'fill' });
  expect(plan('inside', 600, 896)).toEqual({ width: 150, height: 224, fit: 'fill' });
  expect(plan('inside', 100, 37)).toEqual({ width: 100, height: 37, fit: 'fill' });
  expect(plan('inside', 5000, 3)).toEqual({ width: 224, height: 1, fit: 'fill' });
});

it('is that of the largest scale', () => {
  expect(plan('center-crop', 800, 600, { scales: [1, 0.5] })).toMatchObject({ width: 224, height: 224 });
  // 224 * 1.4142 = 316.8, to the next multiple of 16
  expect(plan('stretch', 800, 600, { scales: [0.5, 1.4142] })).toMatchObject({ width: 320, height: 320 });
  expect(plan('fit', 448, 224, { scales: [0.5] })).toMatchObject({ width: 224, height: 128 });
});

it('another scale is another size', () => {
  const preprocess = preprocessSchema.parse({ policy: 'fit', size: 225, scales: [1, 0.5] });
  expect(atScale(preprocess, 1)).toEqual({ ...preprocess, size: 225, scales: undefined });
  expect(atScale(preprocess, 0.5).size).toBe(112);
  expect(atScale({ ...preprocess, size: 40 }, 0.25).size).toBe(32);
  expect(largestScale(preprocess)).toBe(1);
});

it('fit rounds the short side too, and never to nothing', () => {
  expect(plan('fit', 100, 100, { size: 100 })).toMatchObject({ width: 96, height: 96 });
  expect(plan('fit', 100, 100, { size: 32, multipleOf: 64 })).toMatchObject({ width: 64, height: 64 });
  expect(plan('fit', 300, 200, { size: 100, multipleOf: 1 })).toMatchObject({ width: 150, height: 100 });
});

it.each([
  // 1.5 x 224 is 336, and 336 is as near to 10 x 32 as to 11
  [800, 800, 352, 352],
  [800, 600, 448, 352],
  [600, 800, 352, 448],
  [5000, 100, 1344, 352], // squeezed to 4 to 1
])('a view of all of %i x %i is %i x %i', (width, height, expectedWidth, expectedHeight) => {
  const preprocess = preprocessSchema.parse({ policy: 'center-crop', size: 224 });
  const size = { width: expectedWidth, height: expectedHeight, fit: 'fill' };
  expect(planWholeView(width, height, preprocess, 1.5)).toEqual(size);
});
