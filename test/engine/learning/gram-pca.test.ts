import { expect, it } from 'vitest';
import { gramPca } from '../../../engine/learning/gram-pca.js';
import { Moments } from '../../../engine/learning/moments.js';
import { pcaWhitening } from '../../../engine/learning/pca-whitening.js';
import { seededRandom } from '../../support/vectors.js';

const random = seededRandom(4);
/** Ten vectors of six numbers, each number of another spread. */
const vectors = Array.from({ length: 10 }, () => Float32Array.from({ length: 6 }, (_, k) => (k + 1) * random()));

it('is the PCA of the covariance, but for the sense of each direction', () => {
  const moments = new Moments(6);
  vectors.forEach((vector) => moments.add(vector));
  const expected = pcaWhitening(moments, { dimension: 4, power: 0, shrinkage: 0 });
  const found = gramPca(vectors, 4);
  for (let row = 0; row < 4; row++) {
    const at = (map: typeof found, k: number) => map.weights[row * 6 + k]!;
    const sense = Math.sign([0, 1, 2, 3, 4, 5].reduce((sum, k) => sum + at(found, k) * at(expected, k), 0));
    for (let k = 0; k < 6; k++) expect(sense * at(found, k)).toBeCloseTo(at(expected, k), 4);
    expect(sense * found.bias[row]!).toBeCloseTo(expected.bias[row]!, 4);
  }
});

it('keeps distances where there are fewer vectors than numbers', () => {
  const few = vectors.slice(0, 4);
  const { weights, bias } = gramPca(few, 3);
  const mapped = few.map((x) =>
    [0, 1, 2].map((row) => x.reduce((sum, value, k) => sum + weights[row * 6 + k]! * value, bias[row]!)),
  );
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Math.hypot(...Array.from(a, (value, k) => value - b[k]!));
  expect(distance(mapped[0]!, mapped[1]!)).toBeCloseTo(distance(few[0]!, few[1]!), 4);
  expect(distance(mapped[2]!, mapped[3]!)).toBeCloseTo(distance(few[2]!, few[3]!), 4);
});
