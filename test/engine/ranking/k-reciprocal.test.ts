import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kReciprocalScores } from '../../../engine/ranking/k-reciprocal.js';
import { dot, near, randomUnit, seededRandom } from '../../support/vectors.js';

const flat = (vectors: Float32Array[]) => Float32Array.from(vectors.flatMap((vector) => [...vector]));
const atDegrees = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

/** The paper's definitions, with sets, item 0 being the query. */
function byDefinition(items: Float32Array[], k1: number, k2: number, lambda: number): number[] {
  const squared = items.map((a) => items.map((b) => (a === b ? 0 : Math.max(0, 2 - 2 * dot(a, b)))));
  const d = squared.map((row) => row.map((value) => value / Math.max(...row)));
  const nearest = (i: number, k: number) => {
    const others = [...items.keys()].filter((j) => j !== i).sort((a, b) => d[i]![a]! - d[i]![b]! || a - b);
    return [i, ...others].slice(0, k);
  };
  const reciprocal = (i: number, k: number) => nearest(i, k + 1).filter((j) => nearest(j, k + 1).includes(i));
  const weights = items.map((_, i) => {
    const own = reciprocal(i, k1);
    const all = new Set(own);
    for (const j of own) {
      const half = reciprocal(j, Math.round(k1 / 2));
      if (half.filter((other) => own.includes(other)).length > (2 / 3) * half.length) half.forEach((x) => all.add(x));
    }
    const sum = [...all].reduce((total, j) => total + Math.exp(-d[i]![j]!), 0);
    return items.map((_, j) => (all.has(j) ? Math.exp(-d[i]![j]!) / sum : 0));
  });
  const averaged = items.map((_, i) => {
    const list = nearest(i, k2);
    return items.map((_, j) => list.reduce((sum, n) => sum + weights[n]![j]!, 0) / list.length);
  });
  return items.slice(1).map((_, g) => {
    const [a, b] = [averaged[0]!, averaged[g + 1]!];
    const shared = a.reduce((sum, value, j) => sum + Math.min(value, b[j]!), 0);
    const all = a.reduce((sum, value, j) => sum + Math.max(value, b[j]!), 0);
    return 1 - ((1 - lambda) * (1 - shared / all) + lambda * d[0]![g + 1]!);
  });
}

describe('kReciprocalScores', () => {
  it('is its definition', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, n, k1, k2, lambda) => {
          const random = seededRandom(seed);
          const centres = [randomUnit(6, random), randomUnit(6, random)];
          const [query, ...vectors] = Array.from({ length: n + 1 }, (_, i) => near(centres[i % 2]!, 0.8, random));
          const expected = byDefinition([query!, ...vectors], k1, k2, lambda);
          const found = kReciprocalScores(query!, flat(vectors), { k1, k2, lambda });
          expect(found).toHaveLength(n);
          found.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 5));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('puts a crowd of its own below those who know the query, though its first is the nearest', () => {
    const crowd = [-19, -21, -23, -25].map(atDegrees);
    const kin = [20, 22, 24].map(atDegrees);
    const scores = [...kReciprocalScores(atDegrees(0), flat([...crowd, ...kin]), { k1: 3, k2: 1, lambda: 0.3 })];
    expect(Math.min(...scores.slice(4))).toBeGreaterThan(Math.max(...scores.slice(0, 4)));
    expect(dot(atDegrees(0), crowd[0]!)).toBeGreaterThan(dot(atDegrees(0), kin[0]!));
  });

  it('takes what equals the query, and nothing at all', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const usual = { k1: 20, k2: 6, lambda: 0.3 };
    const [same, other] = kReciprocalScores(a, flat([a, b]), usual);
    expect(same).toBeGreaterThan(other!);
    expect([...kReciprocalScores(a, flat([a]), usual)]).toEqual([1]);
    expect([...kReciprocalScores(a, new Float32Array(0), usual)]).toEqual([]);
  });
});
