import { dotOf } from '../dot.js';
import { countPoints, type LocalFeatures } from './local-features.js';

export interface MatchOptions {
  /**
   * Lowe's test (2004): a match counts if its distance is below this share of the distance to the second nearest. 1 lets
   * every match through but ties.
   */
  ratio: number;
  /** A match counts only if each is the other's nearest. */
  mutual: boolean;
}

/** Positions in two lists of features that belong together. */
export interface FeatureMatch {
  from: number;
  to: number;
}

/** The nearest and second nearest of each descriptor, by dot product. */
interface Nearest {
  best: Int32Array;
  bestDot: Float32Array;
  secondDot: Float32Array;
  /** The nearest the other way round. */
  reverse: Int32Array;
}

/** @returns for each point of `from` its nearest of `to`, where the tests let it through; in the order of `from`. */
export function nearestMatches(from: LocalFeatures, to: LocalFeatures, options: MatchOptions): FeatureMatch[] {
  const nearest = findNearest(from, to);
  const matches: FeatureMatch[] = [];
  nearest.best.forEach((other, point) => {
    if (other < 0 || (options.mutual && nearest.reverse[other] !== point)) return;
    if (isDistinct(nearest.bestDot[point]!, nearest.secondDot[point]!, options.ratio))
      matches.push({ from: point, to: other });
  });
  return matches;
}

/** |a-b|^2 = 2 - 2 a.b of unit vectors, so the ratio of distances is tested squared. */
function isDistinct(bestDot: number, secondDot: number, ratio: number): boolean {
  if (secondDot === -Infinity) return true;
  return Math.max(0, 1 - bestDot) < ratio * ratio * (1 - secondDot);
}

function findNearest(from: LocalFeatures, to: LocalFeatures): Nearest {
  const [rows, columns] = [countPoints(from), countPoints(to)];
  const best = new Int32Array(rows).fill(-1);
  const bestDot = new Float32Array(rows).fill(-Infinity);
  const secondDot = new Float32Array(rows).fill(-Infinity);
  const reverse = new Int32Array(columns).fill(-1);
  const reverseDot = new Float32Array(columns).fill(-Infinity);
  const { dimension } = from;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const dot = Math.fround(dotOf(from.descriptors, row * dimension, to.descriptors, column * dimension, dimension));
      if (dot > bestDot[row]!) {
        secondDot[row] = bestDot[row]!;
        bestDot[row] = dot;
        best[row] = column;
      } else if (dot > secondDot[row]!) secondDot[row] = dot;
      if (dot > reverseDot[column]!) {
        reverseDot[column] = dot;
        reverse[column] = row;
      }
    }
  }
  return { best, bestDot, secondDot, reverse };
}
