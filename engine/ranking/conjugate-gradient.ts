/**
 * Solves A x = b by conjugate gradients (Hestenes & Stiefel 1952), starting from 0.
 * @param multiply A times a vector; A symmetric and positive definite
 * @param b [n]
 * @param limits stops after so many iterations, or when |b - A x| is at most tolerance * |b|
 * @returns x [n]
 */
export function conjugateGradient(
  multiply: (vector: Float64Array) => Float64Array,
  b: Float64Array,
  { iterations, tolerance }: { iterations: number; tolerance: number },
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  let direction = b.slice();
  let squares = dot(residual, residual);
  const enough = tolerance ** 2 * squares;
  for (let step = 0; step < iterations && squares > enough; step++) {
    const image = multiply(direction);
    const length = squares / dot(direction, image);
    addScaled(x, direction, length);
    addScaled(residual, image, -length);
    const before = squares;
    squares = dot(residual, residual);
    direction = residual.map((value, i) => value + (squares / before) * direction[i]!);
  }
  return x;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  vector.forEach((value, i) => (target[i] = target[i]! + factor * value));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
