import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues [d] in falling order, and their unit eigenvectors as the rows of vectors [d, d]. */
export interface SymmetricEigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** Smallest eigenvalue that is used, as a share of the greatest: below it is rounding. */
const SMALLEST = 1e-8;

/** @param matrix symmetric [d, d] row-major. */
export function symmetricEigen(matrix: Float64Array, d: number): SymmetricEigen {
  const rows = Array.from({ length: d }, (_, i) => matrix.subarray(i * d, (i + 1) * d));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const vectors = new Float64Array(d * d);
  order.forEach((column, row) => {
    for (let k = 0; k < d; k++) vectors[row * d + k] = eigenvectorMatrix.get(k, column);
  });
  return { values: Float64Array.from(order, (column) => realEigenvalues[column]!), vectors };
}

/** @returns lambda^-power of each eigenvalue; those below 1e-8 of the greatest count as that. */
export function inversePowers({ values }: SymmetricEigen, power: number): Float64Array {
  const least = Math.max(values[0] ?? 0, Number.MIN_VALUE) * SMALLEST;
  return values.map((value) => Math.max(value, least) ** -power);
}
