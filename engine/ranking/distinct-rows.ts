import { rowOf } from './vectors.js';

/**
 * A crowd of equal vectors would fill each other's lists of neighbours, so methods that look at neighbourhoods see each
 * vector once.
 * @param vectors [n, dimension] row-major
 * @param scoresOf scores of distinct vectors [m, dimension], by row
 * @returns the score of its vector for each of the n rows
 */
export function scoreDistinct(
  vectors: Float32Array,
  dimension: number,
  scoresOf: (distinct: Float32Array) => Float64Array,
): Float64Array {
  const rows = new Map<string, number>();
  const places = Uint32Array.from({ length: vectors.length / dimension }, (_, row) => {
    const key = keyOf(rowOf(vectors, row, dimension));
    const place = rows.get(key) ?? rows.size;
    rows.set(key, place);
    return place;
  });
  const distinct = new Float32Array(rows.size * dimension);
  places.forEach((place, row) => distinct.set(rowOf(vectors, row, dimension), place * dimension));
  const scores = scoresOf(distinct);
  return Float64Array.from(places, (place) => scores[place]!);
}

/** @returns the vector's bytes as text. */
function keyOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
