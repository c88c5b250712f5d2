import { describe, expect, it } from 'vitest';
import { isWhole, moveHandle, moveRegion, regionBetween, toldApart } from '../../server/web/search/crop-geometry.js';

const REGION = { x: 0.2, y: 0.3, width: 0.4, height: 0.5 };

describe('the part of a picture', () => {
  it('is drawn between two points, whichever comes first, and ends at the picture', () => {
    const expected = { x: 0.5, y: 0.25, width: 0.5, height: 0.5 };
    expect(regionBetween({ x: 1.4, y: 0.75 }, { x: 0.5, y: 0.25 })).toEqual(expected);
    expect(regionBetween({ x: 0.5, y: 0.75 }, { x: 1.4, y: 0.25 })).toEqual(expected);
    expect(regionBetween({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.9 })).toBeUndefined();
  });

  it('moves as far as the picture goes', () => {
    expect(moveRegion(REGION, { x: 9, y: -9 })).toEqual({ ...REGION, x: 0.6, y: 0 });
  });

  it('keeps the corner opposite to the one that moves, and never vanishes', () => {
    expect(moveHandle(REGION, 'se', { x: 0.1, y: 9 })).toMatchObject({ x: 0.2, y: 0.3 });
    expect(moveHandle(REGION, 'se', { x: 0.1, y: 9 }).width).toBeCloseTo(0.5);
    expect(moveHandle(REGION, 'se', { x: 0.1, y: 9 }).height).toBeCloseTo(0.7);
    const small = moveHandle(REGION, 'nw', { x: 9, y: 9 });
    expect([small.x + small.width, small.y + small.height].map((value) => Math.round(value * 100))).toEqual([60, 80]);
    expect([small.width, small.height].map((value) => Math.round(value * 100))).toEqual([5, 5]);
  });

  it('keeps three sides where an edge moves, whatever way it is pulled', () => {
    expect(moveHandle(REGION, 'n', { x: 0.3, y: 0.1 })).toEqual({ ...REGION, y: 0.4, height: 0.4 });
    expect(moveHandle(REGION, 's', { x: 0.3, y: 9 })).toEqual({ ...REGION, height: 0.7 });
    expect(moveHandle(REGION, 'w', { x: -9, y: 0.3 })).toMatchObject({ x: 0, y: 0.3, height: 0.5 });
    expect(moveHandle(REGION, 'w', { x: -9, y: 0.3 }).width).toBeCloseTo(0.6);
    expect(moveHandle(REGION, 'e', { x: -9, y: 0.3 }).width).toBeCloseTo(0.05);
  });

  it('is the whole at its edges', () => {
    expect([isWhole(REGION), isWhole({ x: 0, y: 0, width: 1, height: 0.995 })]).toEqual([false, true]);
  });

  it('is offered where its middle is away from those of better parts', () => {
    const at = (x: number, y: number) => ({ x: x - 0.1, y: y - 0.1, width: 0.2, height: 0.2 });
    const [best, near, beside, below] = [at(0.3, 0.3), at(0.4, 0.25), at(0.5, 0.3), at(0.3, 0.5)];
    expect(toldApart([best, near, beside, below])).toEqual([best, beside, below]);
    expect(toldApart([near, best])).toEqual([near]);
    expect(toldApart([])).toEqual([]);
  });
});
