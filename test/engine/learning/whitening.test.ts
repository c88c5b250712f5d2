import { describe, expect, it } from 'vitest';
import { classStatistics } from '../../../engine/learning/class-statistics.js';
import { MapLearner } from '../../../engine/learning/learning-method.js';
import type { LinearMap } from '../../../engine/learning/linear-map.js';
import { Moments } from '../../../engine/learning/moments.js';
import { pairWhitening } from '../../../engine/learning/pair-whitening.js';
import { pcaWhitening } from '../../../engine/learning/pca-whitening.js';
import { stackRows } from '../../../engine/learning/rows.js';
import { ledoitWolf, shrink } from '../../../engine/learning/shrinkage.js';
import { symmetricEigen } from '../../../engine/learning/symmetric-eigen.js';
import {
  covarianceOf,
  differenceUpToSign,
  inverseCholesky,
  jacobi,
  meanOf,
  skewedVectors,
  times,
  toMatrix,
  transposed,
} from './reference.js';

const D = 6;

function momentsOf(vectors: readonly ArrayLike<number>[]): Moments {
  const moments = new Moments(vectors[0]!.length);
  for (const vector of vectors) moments.add(vector);
  return moments;
}

function apply({ weights, bias, inputs }: LinearMap, x: Float32Array): number[] {
  return toMatrix(weights, inputs).map((row, i) => row.reduce((sum, value, k) => sum + value * x[k]!, bias[i]!));
}

describe('Moments', () => {
  const vectors = skewedVectors(40, D);
  const moments = momentsOf(vectors);

  it('agree with sums entry by entry, about the mean and about any point', () => {
    const about = [1, -2, 3, 0, 5, 5];
    expect(differenceUpToSign([[...moments.mean()]], [meanOf(vectors)])).toBeLessThan(1e-12);
    expect(differenceUpToSign(toMatrix(moments.covariance(), D), covarianceOf(vectors))).toBeLessThan(1e-12);
    expect(differenceUpToSign(toMatrix(moments.covariance(about), D), covarianceOf(vectors, about))).toBeLessThan(
      1e-11,
    );
    const fourth = (point: number[]) =>
      vectors.reduce((sum, x) => sum + Math.hypot(...x.map((value, k) => value - point[k]!)) ** 4, 0) / vectors.length;
    // the fourth root keeps float32 of hypot's argument out of the comparison
    expect(moments.fourthMoment() / fourth(meanOf(vectors))).toBeCloseTo(1, 5);
    expect(moments.fourthMoment(about) / fourth(about)).toBeCloseTo(1, 5);
  });

  it('keep their digits where the mean is far from 0', () => {
    const far = vectors.map((x) => Float64Array.from(x, (value) => value + 1e6));
    expect(differenceUpToSign(toMatrix(momentsOf(far).covariance(), D), covarianceOf(vectors))).toBeLessThan(1e-7);
  });
});

describe('symmetricEigen', () => {
  it("agrees with Jacobi's method, largest first", () => {
    const matrix = covarianceOf(skewedVectors(40, D));
    const { values, vectors } = symmetricEigen(Float64Array.from(matrix.flat()), D);
    const expected = jacobi(matrix);
    expect(differenceUpToSign([[...values]], [expected.values])).toBeLessThan(1e-10);
    expect(differenceUpToSign(toMatrix(vectors, D), expected.vectors)).toBeLessThan(1e-7);
  });
});

describe('shrinkage', () => {
  it('moves eigenvalues to their mean by the share', () => {
    const matrix = covarianceOf(skewedVectors(40, D));
    const before = jacobi(matrix).values;
    const mean = before.reduce((sum, value) => sum + value, 0) / D;
    const after = jacobi(toMatrix(shrink(Float64Array.from(matrix.flat()), D, 0.3), D)).values;
    after.forEach((value, i) => expect(value).toBeCloseTo(0.7 * before[i]! + 0.3 * mean, 10));
  });

  it('of Ledoit and Wolf is as worked out by its definition, and falls with more vectors', () => {
    const vectors = skewedVectors(15, D);
    const s = covarianceOf(vectors);
    const mu = s.reduce((sum, row, i) => sum + row[i]!, 0) / D;
    const norm = (a: number[][]) => a.flat().reduce((sum, value) => sum + value * value, 0);
    const mean = meanOf(vectors);
    const apart = vectors.map((x) =>
      norm(s.map((row, i) => row.map((v, j) => (x[i]! - mean[i]!) * (x[j]! - mean[j]!) - v))),
    );
    const beta = apart.reduce((sum, value) => sum + value, 0) / 15 ** 2;
    const delta = norm(s.map((row, i) => row.map((v, j) => v - (i === j ? mu : 0))));
    expect(ledoitWolf(momentsOf(vectors))).toBeCloseTo(Math.min(beta, delta) / delta, 8);
    expect(ledoitWolf(momentsOf(skewedVectors(1500, D)))).toBeLessThan(ledoitWolf(momentsOf(vectors)) / 10);
  });

  it('is 0 where every direction varies alike', () => {
    const corners = [0, 1, 2, 3].map((i) => [i & 1 ? 1 : -1, i & 2 ? 1 : -1]);
    expect(ledoitWolf(momentsOf(corners))).toBe(0);
  });
});

describe('pcaWhitening', () => {
  const vectors = skewedVectors(60, D);
  const options = { dimension: D, power: 0.5, shrinkage: 0 };

  it('of full power gives mean 0 and identity covariance', () => {
    const map = pcaWhitening(momentsOf(vectors), options);
    const whitened = vectors.map((x) => apply(map, x));
    meanOf(whitened).forEach((value) => expect(value).toBeCloseTo(0, 3));
    covarianceOf(whitened).forEach((row, i) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(Number(i === j), 3)),
    );
  });

  it.each([0, 0.25, 0.5])('of power %d is lambda^-p E^T, cut to the first directions', (power) => {
    const { values, vectors: rows } = jacobi(covarianceOf(vectors));
    const expected = rows.slice(0, 3).map((row, i) => row.map((value) => value * values[i]! ** -power));
    const map = pcaWhitening(momentsOf(vectors), { dimension: 3, power, shrinkage: 0 });
    expect(differenceUpToSign(toMatrix(map.weights, D), expected)).toBeLessThan(1e-4);
  });

  it('gives no more directions than the vectors span, and bounds the smallest eigenvalue', () => {
    const map = pcaWhitening(momentsOf(vectors.slice(0, 4)), options);
    expect([map.outputs, map.bias.length, map.weights.length]).toEqual([3, 3, 3 * D]);
    const flat = vectors.map((x) => x.map((value, k) => (k === 0 ? 0 : value)));
    const bounded = pcaWhitening(momentsOf(flat), options);
    expect(Math.max(...bounded.weights.map(Math.abs))).toBeLessThan(1e5);
  });
});

describe('pairWhitening', () => {
  const vectors = skewedVectors(50, D);
  const pairs = vectors.slice(0, 25).map((x, i) => [x, vectors[25 + i]!] as const);
  const differences = pairs.map(([a, b]) => a.map((value, k) => value - b[k]!));

  it("is Radenovic's: the inverse Cholesky factor of the differences, then PCA of all", () => {
    const mean = meanOf(pairs.map(([query]) => query));
    const p0 = inverseCholesky(covarianceOf(differences, Array<number>(D).fill(0)));
    const behind = times(times(p0, covarianceOf(vectors, mean)), transposed(p0));
    const expected = times(jacobi(behind).vectors, p0).slice(0, 4);
    const statistics = { matching: momentsOf(differences), spread: momentsOf(vectors), spreadAbout: mean, mean };
    const map = pairWhitening(statistics, { dimension: 4, power: 0.5, shrinkage: 0 });
    const scale = Math.max(...expected.flat().map(Math.abs));
    expect(differenceUpToSign(toMatrix(map.weights, D), expected) / scale).toBeLessThan(1e-4);
    apply(map, Float32Array.from(mean)).forEach((value) => expect(value).toBeCloseTo(0, 3));
  });

  it('from classes is the same as from all pairs within the classes', () => {
    const classes = vectors.map((_, i) => (i < 3 ? 0 : i < 10 ? 1 : 2));
    const all = vectors.flatMap((a, i) =>
      vectors.flatMap((b, j) => (i < j && classes[i] === classes[j] ? [a.map((value, k) => value - b[k]!)] : [])),
    );
    const { matching } = classStatistics(stackRows(vectors), classes, 'by-pair');
    const expected = covarianceOf(all, Array<number>(D).fill(0));
    const found = toMatrix(matching.covariance(new Float64Array(D)), D);
    // one is a mean over pairs, the other over images
    const ratio = found[0]![0]! / expected[0]![0]!;
    expect(
      differenceUpToSign(
        found,
        times(
          expected,
          [0, 1, 2, 3, 4, 5].map((i) => found.map((_, j) => (i === j ? ratio : 0))),
        ),
      ),
    ).toBeLessThan(1e-4);
  });

  it('by discriminants tells apart what varies little but matters', () => {
    const rows = Array.from({ length: 40 }, (_, i) => {
      const noise = skewedVectors(1, 2, i + 1)[0]!;
      return Float32Array.of(20 * noise[0]!, (i % 2) + 0.02 * noise[1]!);
    });
    const classes = Int32Array.from(rows, (_, i) => i % 2);
    const candidate = { method: 'lda' as const, power: 0.5, shrinkage: 0, dimension: 1 };
    const map = new MapLearner({ kind: 'labels', rows: stackRows(rows), classes }).learn(candidate);
    const along = rows.map((x) => apply(map, x)[0]!);
    const [zeros, ones] = [0, 1].map((wanted) => along.filter((_, i) => classes[i] === wanted)) as [number[], number[]];
    expect(Math.max(...zeros) < Math.min(...ones) || Math.max(...ones) < Math.min(...zeros)).toBe(true);
  });
});
