import { centredMap, type LinearMap } from './linear-map.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * PCA of fewer vectors than they have numbers, by the Gram matrix of the vectors instead of the covariance: if u is a unit
 * eigenvector of Xc Xc^T with eigenvalue lambda, then Xc^T u / sqrt(lambda) is one of the covariance.
 * @param vectors N of [d], N above `outputs`, each direction of which they tell
 * @returns x -> E^T (x - m), the directions of most variance first
 */
export function gramPca(vectors: readonly Float32Array[], outputs: number): LinearMap {
  const inputs = vectors[0]!.length;
  const mean = meanOf(vectors);
  const centred = vectors.map((vector) => Float64Array.from(vector, (value, k) => value - mean[k]!));
  const { values, vectors: eigenvectors } = symmetricEigen(gramOf(centred), centred.length);
  const rows = new Float64Array(outputs * inputs);
  for (let row = 0; row < outputs; row++) {
    const direction = rows.subarray(row * inputs, (row + 1) * inputs);
    const scale = 1 / Math.sqrt(Math.max(values[row]!, 1e-12));
    centred.forEach((vector, i) => {
      const weight = scale * eigenvectors[row * centred.length + i]!;
      for (let k = 0; k < inputs; k++) direction[k] = direction[k]! + weight * vector[k]!;
    });
  }
  return centredMap(rows, mean, outputs);
}

function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) vector.forEach((value, k) => (mean[k] = mean[k]! + value / vectors.length));
  return mean;
}

/** @returns the dot products of all pairs [N, N]. */
function gramOf(vectors: readonly Float64Array[]): Float64Array {
  const count = vectors.length;
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [vectors[i]!, vectors[j]!];
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
      gram[i * count + j] = sum;
      gram[j * count + i] = sum;
    }
  }
  return gram;
}
