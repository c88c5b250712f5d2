import type { Label } from './label.js';

/** Descriptors with their labels. */
export interface TrainingExamples {
  dimension: number;
  /** K names; targets are places in this list. */
  labels: Label[];
  /** Unit rows [n, D]. */
  vectors: Float32Array;
  /** Label of each row [n]. */
  targets: Uint32Array;
}
