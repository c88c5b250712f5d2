/** Points of one picture, each with a unit descriptor of what is around it: key points of SIFT, or cells of a feature map. */
export interface LocalFeatures {
  /** Size of the picture that the points lie in, in pixels. */
  width: number;
  height: number;
  /** x, y of each point [count, 2]; (0, 0) is the corner of the picture, (0.5, 0.5) the middle of its first pixel. */
  points: Float32Array;
  /** [count, dimension] row-major, each row of length 1. */
  descriptors: Float32Array;
  dimension: number;
}

/** @returns how many points there are. */
export function countPoints(features: Pick<LocalFeatures, 'points'>): number {
  return features.points.length / 2;
}
