import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conjugateGradient } from '../../../engine/ranking/conjugate-gradient.js';
import { diffusionScores } from '../../../engine/ranking/diffusion.js';
import { dot, near, randomUnit, seededRandom } from '../../support/vectors.js';

const flat = (vectors: Float32Array[]) => Float32Array.from(vectors.flatMap((vector) => [...vector]));

/** Gaussian elimination with the greatest pivot. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < rows.length; column++) {
    let pivot = column;
    for (let row = column; row < rows.length; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (const row of rows) {
      if (row === rows[column]) continue;
      const factor = row[column]! / rows[column]![column]!;
      row.forEach((value, i) => (row[i] = value - factor * rows[column]![i]!));
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}

/** The paper's definitions, with a dense matrix. */
function byDefinition(query: Float32Array, x: Float32Array[], k: number, kq: number, gamma: number, alpha: number) {
  const weight = (a: Float32Array, b: Float32Array) => Math.max(0, dot(a, b)) ** gamma;
  const byWeight = (of: Float32Array, from: number[]) =>
    from.sort((a, b) => weight(of, x[b]!) - weight(of, x[a]!) || a - b);
  const near = x.map((own, i) =>
    byWeight(
      own,
      [...x.keys()].filter((j) => j !== i),
    ).slice(0, k),
  );
  const isEdge = (i: number, j: number) => i !== j && near[i]!.includes(j) && near[j]!.includes(i);
  const a = x.map((own, i) => x.map((other, j) => (isEdge(i, j) ? weight(own, other) : 0)));
  const degrees = a.map((row) => row.reduce((sum, value) => sum + value, 0));
  const system = a.map((row, i) =>
    row.map(
      (value, j) => (i === j ? 1 : 0) - (value === 0 ? 0 : (alpha * value) / Math.sqrt(degrees[i]! * degrees[j]!)),
    ),
  );
  const first = byWeight(query, [...x.keys()]).slice(0, kq);
  return solve(
    system,
    x.map((own, i) => (first.includes(i) ? weight(query, own) : 0)),
  );
}

describe('diffusionScores', () => {
  it('is the solution of its system', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (seed, n, k, kq) => {
          const random = seededRandom(seed);
          const centre = randomUnit(8, random);
          const vectors = Array.from({ length: n }, () => near(centre, 1, random));
          const query = near(centre, 1, random);
          const expected = byDefinition(query, vectors, k, kq, 3, 0.9);
          const found = diffusionScores(query, flat(vectors), { k, kq, gamma: 3, alpha: 0.9 });
          expect(found).toHaveLength(n);
          found.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 4));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows a path of small steps past what stands apart, though that is nearer', () => {
    const radians = (degrees: number) => (degrees * Math.PI) / 180;
    const along = (degrees: number) => Float32Array.of(Math.cos(radians(degrees)), Math.sin(radians(degrees)), 0);
    const path = [10, 20, 30, 40, 50, 60, 70, 80].map(along);
    const apart = Float32Array.of(Math.cos(radians(45)), 0, Math.sin(radians(45)));
    const query = along(0);
    const scores = diffusionScores(query, flat([...path, apart]), { k: 2, kq: 3, gamma: 3, alpha: 0.99 });
    expect(scores.at(-1)).toBe(0);
    expect(Math.min(...scores.slice(0, 8))).toBeGreaterThan(0);
    expect(dot(query, apart)).toBeGreaterThan(dot(query, path[7]!));
  });

  it('is nothing for nothing, or where all point away', () => {
    const usual = { k: 50, kq: 10, gamma: 3, alpha: 0.99 };
    expect([...diffusionScores(Float32Array.of(1, 0), new Float32Array(0), usual)]).toEqual([]);
    expect([...diffusionScores(Float32Array.of(1, 0), Float32Array.of(-1, 0, 0, 1), usual)]).toEqual([0, 0]);
  });
});

describe('conjugateGradient', () => {
  // [[4, 1], [1, 3]] x = [1, 2] has the solution [1/11, 7/11]
  const multiply = ([x, y]: Float64Array) => Float64Array.of(4 * x! + y!, x! + 3 * y!);

  it('solves n equations in n steps', () => {
    const x = conjugateGradient(multiply, Float64Array.of(1, 2), { iterations: 2, tolerance: 0 });
    expect(x[0]).toBeCloseTo(1 / 11, 12);
    expect(x[1]).toBeCloseTo(7 / 11, 12);
  });

  it('stops when it is near enough, or after so many steps', () => {
    let steps = 0;
    const counted = (vector: Float64Array) => (steps++, multiply(vector));
    const first = conjugateGradient(counted, Float64Array.of(1, 2), { iterations: 9, tolerance: 0.9 });
    expect(steps).toBe(1);
    // the first step goes |b|^2 / (b . A b) = 5 / 20 along b
    expect([...first]).toEqual([0.25, 0.5]);
    expect([...conjugateGradient(counted, Float64Array.of(1, 2), { iterations: 0, tolerance: 0 })]).toEqual([0, 0]);
    expect([...conjugateGradient(counted, new Float64Array(2), { iterations: 9, tolerance: 0 })]).toEqual([0, 0]);
  });
});
