import { describe, expect, it } from 'vitest';
import { picturePlaces } from '../../../engine/collection/picture-places.js';

const left = { x: 0, y: 0, width: 0.5, height: 1 };
const right = { x: 0.5, y: 0, width: 0.5, height: 1 };

describe('picturePlaces', () => {
  it('is the whole picture, one region or several, each with the context', () => {
    expect(picturePlaces({})).toEqual([{}]);
    expect(picturePlaces({ region: left })).toEqual([{ region: left }]);
    expect(picturePlaces({ subject: 'auto', context: 0.1 })).toEqual([{ subject: 'auto', context: 0.1 }]);
    expect(picturePlaces({ regions: [left, right], context: 0.1 })).toEqual([
      { region: left, context: 0.1 },
      { region: right, context: 0.1 },
    ]);
  });
});
