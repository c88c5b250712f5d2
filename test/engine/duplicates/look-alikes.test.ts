import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLookAlikes } from '../../../engine/duplicates/look-alikes.js';
import { hashDistance } from '../../../engine/duplicates/perceptual-hash.js';

const groupsOf = (...hashes: string[]) => [
  ...groupLookAlikes(hashes.map((perceptualHash, node) => ({ node, perceptualHash }))),
];

/** Compares each with all firsts before it. */
function byDefinition(images: { node: number; perceptualHash?: string }[]): number[] {
  const firsts: number[] = [];
  return images.map(({ node, perceptualHash: hash }, position) => {
    const same = firsts.find((first) => {
      const { node: other, perceptualHash: theirs } = images[first]!;
      return other === node || (hash !== undefined && theirs !== undefined && hashDistance(hash, theirs) <= 4);
    });
    if (same === undefined) firsts.push(position);
    return same ?? position;
  });
}

describe('groupLookAlikes', () => {
  it('joins what differs in up to 4 bits, to the first of its group', () => {
    expect(groupsOf('0000000000000000', '000000000000000f', '000000000000001f')).toEqual([0, 0, 2]);
    // the last is within 4 bits of both firsts, and goes with the better
    expect(groupsOf('0000000000000000', '00000000000000ff', '000000000000000f')).toEqual([0, 1, 0]);
  });

  it('joins those of one descriptor, with or without a hash', () => {
    const images = [{ node: 1 }, { node: 2, perceptualHash: '00000000ffffffff' }, { node: 1 }, { node: 3 }];
    expect([...groupLookAlikes(images)]).toEqual([0, 1, 0, 3]);
  });

  it('finds all that a comparison with everybody finds', () => {
    const hash = fc
      .tuple(fc.constantFrom('0000000000000000', 'ff00ff00ff00ff00'), fc.array(fc.nat(63), { maxLength: 7 }))
      .map(([base, flips]) => {
        const bits = flips.reduce((value, flip) => value ^ (1n << BigInt(flip)), BigInt(`0x${base}`));
        return bits.toString(16).padStart(16, '0');
      });
    const image = fc.record({ node: fc.nat(40), perceptualHash: hash }, { requiredKeys: ['node'] });
    fc.assert(
      fc.property(fc.array(image, { maxLength: 40 }), (images) => {
        expect([...groupLookAlikes(images)]).toEqual(byDefinition(images));
      }),
    );
  });
});
