import { suppress, type ScoredBox } from './box.js';

export interface YoloxOptions {
  /** Side of the square input, pixels. */
  size: number;
  strides: readonly number[];
  classes: readonly string[];
  minScore: number;
  maxOverlap: number;
  /** Most boxes wanted. */
  limit: number;
}

/**
 * Boxes of the raw output of YOLOX (Ge et al. 2021, without its decoding in the network): for each cell (gx, gy) of each
 * stride s in turn, row by row, (x, y, log w, log h, objectness, class scores): the centre is ((gx + x) s, (gy + y) s), the
 * sides e^w s and e^h s, the score objectness times the best class's. Then non-maximum suppression, all classes together:
 * two classes of one place are one subject.
 * @param rows [n, 5 + classes], n = sum over strides of (size / s)^2
 * @returns boxes in pixels of the input, best first; edges may lie outside of it
 */
export function decodeYolox(rows: Float32Array, options: YoloxOptions): ScoredBox[] {
  const { size, strides, classes, minScore, maxOverlap, limit } = options;
  const found: ScoredBox[] = [];
  let start = 0;
  for (const stride of strides) {
    const cells = Math.floor(size / stride);
    for (let cell = 0; cell < cells * cells; cell++, start += 5 + classes.length) {
      const row = rows.subarray(start, start + 5 + classes.length);
      const best = bestClass(row);
      const score = Math.min(1, row[4]! * row[5 + best]!);
      if (score < minScore) continue;
      const place = boxOf(row, cell % cells, Math.floor(cell / cells), stride);
      found.push({ ...place, score, label: classes[best]! });
    }
  }
  return suppress(found, maxOverlap, limit);
}

function bestClass(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length - 5; i++) if (row[5 + i]! > row[5 + best]!) best = i;
  return best;
}

function boxOf(row: Float32Array, column: number, line: number, stride: number) {
  const [x, y] = [(column + row[0]!) * stride, (line + row[1]!) * stride];
  const [width, height] = [Math.exp(row[2]!) * stride, Math.exp(row[3]!) * stride];
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}
