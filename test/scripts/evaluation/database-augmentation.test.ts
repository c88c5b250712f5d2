import { describe, expect, it } from 'vitest';
import { augment, AugmentedGallery } from '../../../scripts/evaluation/database-augmentation.js';
import { randomUnit, seededRandom } from '../../support/vectors.js';

describe('augment', () => {
  it('adds the nearest with weight 1, the others with less', () => {
    // (1,0) + 2/2 (0.6,0.8) + 1/2 (0,1) = (1.6, 1.3)
    const found = augment(Float32Array.of(1, 0), [Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)]);
    expect(found[0]).toBeCloseTo(1.6 / Math.hypot(1.6, 1.3), 6);
    expect(found[1]).toBeCloseTo(1.3 / Math.hypot(1.6, 1.3), 6);
  });
});

describe('AugmentedGallery', () => {
  const random = seededRandom(5);
  const gallery = Array.from({ length: 30 }, (_, i) => ({ id: `g${i}`, label: '', vector: randomUnit(6, random) }));

  it('adds to each picture its nearest others', () => {
    const cosine = (a: number, b: number) =>
      gallery[a]!.vector.reduce((sum, value, i) => sum + value * gallery[b]!.vector[i]!, 0);
    const augmented = new AugmentedGallery(gallery, 3).without(undefined);
    augmented.forEach((item, a) => {
      const others = [...gallery.keys()].filter((b) => b !== a).sort((b, c) => cosine(a, c) - cosine(a, b));
      const near = others.slice(0, 3).map((b) => gallery[b]!.vector);
      expect(item).toEqual({ ...gallery[a], vector: augment(gallery[a]!.vector, near) });
    });
  });

  it('without a picture is what it would be if that had never been there', () => {
    const augmented = new AugmentedGallery(gallery, 3);
    for (const left of [0, 7, 29]) {
      const expected = new AugmentedGallery(gallery.toSpliced(left, 1), 3).without(undefined);
      expect(augmented.without(left).toSpliced(left, 1)).toEqual(expected);
    }
  });
});
