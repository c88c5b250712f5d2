import { describe, expect, it } from 'vitest';
import { regionsOf, requireRegions } from '../../scripts/region-options.js';

describe('--regions', () => {
  it.each([
    ['subjects', { subjects: true, rmac: 0 }],
    ['rmac:3', { subjects: false, rmac: 3 }],
    ['rmac:2+subjects', { subjects: true, rmac: 2 }],
  ])('reads %s', (text, regions) => {
    expect(regionsOf({ regions: text })).toEqual({ regions });
  });

  it.each(['', 'rmac', 'rmac:9', 'rmac:x', 'subjects:2', 'faces'])('refuses %j', (regions) => {
    expect(() => regionsOf({ regions })).toThrow(/^--regions: expected subjects, rmac:1 to rmac:4/);
  });

  it('must be as the collection was made', () => {
    const info = { name: 'c', regions: { subjects: true, rmac: 2 } };
    expect(regionsOf({})).toEqual({});
    requireRegions(info, {});
    requireRegions(info, regionsOf({ regions: 'subjects+rmac:2' }));
    expect(() => requireRegions(info, regionsOf({ regions: 'subjects' }))).toThrow(/expected subjects\+rmac:2, as/);
  });
});
