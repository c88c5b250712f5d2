import { cosineHeadOf, type CategoryHead } from './category-head.js';
import { headLogits } from './cosine-head.js';
import type { Label } from './label.js';
import { byProbability, pooledLogs, smoothedLogs, softmax, type LabelProbability } from './probabilities.js';
import { UNFITTED, VOTE } from './vote-settings.js';
import { voteOfNeighbours, type Neighbour } from './vote.js';

/** Who predicts: the neighbours, the trained head, or both. */
export const PREDICTORS = ['vote', 'head', 'fused'] as const;
export type Predictor = (typeof PREDICTORS)[number];

export interface Evidence {
  /** The unit descriptor of the query. */
  vector: Float32Array;
  /** Stored images near it that have a label; not looked at for `head`. */
  neighbours: readonly Neighbour[];
  /** Needed for `head` and `fused`. */
  head: CategoryHead | undefined;
  /** Of the vote, see {@link voteOfNeighbours}. */
  temperature?: number | undefined;
}

/**
 * Probabilities of a query's label over all labels that the head or a neighbour knows, the likeliest first; calibrated where
 * a head was trained. A label that came after the head was trained has no share of the head's opinion, and needs votes.
 */
export function predictLabels(by: Predictor, evidence: Evidence): LabelProbability[] {
  const { head, neighbours, temperature = VOTE.temperature } = evidence;
  const shares = voteOfNeighbours(neighbours, temperature);
  const known = labelsOf(head);
  const labels = by === 'head' ? known : [...new Set([...known, ...shares.keys()])];
  if (labels.length === 0) return [];
  const vote = Float64Array.from(labels, (label) => shares.get(label) ?? 0);
  const { weight, temperatures } = head?.calibration ?? UNFITTED;
  const scores = {
    vote: () => smoothedLogs(vote),
    head: () => logitsOf(evidence),
    fused: () => pooledLogs(vote, padded(softmax(logitsOf(evidence)), labels.length), weight),
  }[by]();
  return byProbability(labels, softmax(scores, temperatures[by]));
}

function labelsOf(head: CategoryHead | undefined): Label[] {
  return head?.report.labels.map(({ label }) => label) ?? [];
}

function logitsOf({ head, vector }: Evidence): Float64Array {
  return head === undefined ? new Float64Array() : headLogits(cosineHeadOf(head), vector);
}

function padded(probabilities: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(probabilities);
  return longer;
}
