/** Slow matrices in the plainest way, to check the quick ones against: rows as arrays. */
import { seededRandom } from '../../support/vectors.js';

export type Matrix = number[][];

/** Vectors with correlated, unevenly spread coordinates and a mean far from 0. */
export function skewedVectors(count: number, dimension: number, seed = 1): Float32Array[] {
  const random = seededRandom(seed);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const mixing = Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: dimension }, () => gaussian() / (i + 1)),
  );
  return Array.from({ length: count }, () => {
    const source = Array.from({ length: dimension }, gaussian);
    return Float32Array.from({ length: dimension }, (_, k) =>
      source.reduce((sum, value, i) => sum + mixing[i]![k]! * value, 5),
    );
  });
}

export function meanOf(vectors: readonly ArrayLike<number>[]): number[] {
  return Array.from(vectors[0]!, (_, k) => vectors.reduce((sum, x) => sum + x[k]!, 0) / vectors.length);
}

/** Mean of (x - about)(x - about)^T, entry by entry. */
export function covarianceOf(vectors: readonly ArrayLike<number>[], about = meanOf(vectors)): Matrix {
  return about.map((_, i) =>
    about.map(
      (__, j) => vectors.reduce((sum, x) => sum + (x[i]! - about[i]!) * (x[j]! - about[j]!), 0) / vectors.length,
    ),
  );
}

export function times(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

export function transposed(a: Matrix): Matrix {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

/** Inverse of a positive definite matrix's Cholesky factor L, S = L L^T, by forward substitution. */
export function inverseCholesky(s: Matrix): Matrix {
  const d = s.length;
  const l = s.map(() => Array<number>(d).fill(0));
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = s[i]![j]! - l[i]!.reduce((sum, value, k) => (k < j ? sum + value * l[j]![k]! : sum), 0);
      l[i]![j] = i === j ? Math.sqrt(rest) : rest / l[j]![j]!;
    }
  }
  const inverse = s.map((_, i) => s.map((__, j) => Number(i === j)));
  for (let column = 0; column < d; column++) {
    for (let row = 0; row < d; row++) {
      const known = l[row]!.reduce((sum, value, k) => (k < row ? sum + value * inverse[k]![column]! : sum), 0);
      inverse[row]![column] = (Number(row === column) - known) / l[row]![row]!;
    }
  }
  return inverse;
}

/** Eigenvalues in falling order and eigenvectors as rows, by Jacobi's rotations. */
export function jacobi(matrix: Matrix): { values: number[]; vectors: Matrix } {
  const d = matrix.length;
  let a = matrix.map((row) => [...row]);
  let v = matrix.map((_, i) => matrix.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) {
        if (Math.abs(a[p]![q]!) < 1e-300) continue;
        const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2;
        const turn = matrix.map((_, i) => matrix.map((__, j) => Number(i === j)));
        [turn[p]![p], turn[q]![q]] = [Math.cos(angle), Math.cos(angle)];
        [turn[p]![q], turn[q]![p]] = [Math.sin(angle), -Math.sin(angle)];
        a = times(transposed(turn), times(a, turn));
        v = times(v, turn);
      }
    }
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => transposed(v)[i]!) };
}

/** Row-major [n, m] as rows. */
export function toMatrix(values: ArrayLike<number>, columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (__, j) => values[i * columns + j]!),
  );
}

/** The largest difference of two matrices whose rows may differ in sign. */
export function differenceUpToSign(a: Matrix, b: Matrix): number {
  return Math.max(
    ...a.map((row, i) => {
      const gap = (sign: number) => Math.max(...row.map((value, j) => Math.abs(value - sign * b[i]![j]!)));
      return Math.min(gap(1), gap(-1));
    }),
  );
}
