import { z } from 'zod';
import { logitOf, sigmoid } from './calibration/logistic-regression.js';
import type { Verdict } from './verdict.js';

/** Logistic regression on what is known of a pair, see {@link pairFeatures}. */
const logisticSchema = z.strictObject({ bias: z.number(), weights: z.array(z.number()) });

/** What turns the likeness of two pictures into a probability and a verdict. */
export const pairModelSchema = z.strictObject({
  /** On cosine, hash distance and their product. */
  withHash: logisticSchema,
  /** On the cosine alone, for pairs of which one has no perceptual hash. */
  cosineOnly: logisticSchema,
  /** Logits from which on a pair is a near-duplicate, see fit-calibration.ts. */
  minLogit: z.strictObject({ withHash: z.number(), cosineOnly: z.number() }),
  /** Cosine that one in {@link BACKGROUND_RATE} pairs of unrelated pictures exceeds. */
  similarCosine: z.number(),
});
export type PairModel = z.infer<typeof pairModelSchema>;

/** The share of random pairs that may pass for near-duplicates, ten times stricter than what is promised. */
export const FALSE_ALARMS = 1 / 10_000;
/** The share of unrelated pairs that may pass for similar. */
export const BACKGROUND_RATE = 1 / 1000;

/** Float32 sums over a descriptor end this near to 1 for one and the same vector. */
const SAME_COSINE = 1 - 1e-6;

/** What is known of two pictures. */
export interface PairEvidence {
  cosine: number;
  /** Bits in which the perceptual hashes differ, the smaller of as they are and mirrored; absent where one has none. */
  hashDistance?: number | undefined;
  /** The same bytes. */
  sameContent: boolean;
  /** The same hash as they are, not mirrored. */
  sameHash: boolean;
}

export interface Judgement {
  verdict: Verdict;
  /** That one is an edited copy of the other; see docs/retrieval.md for the odds it starts from. */
  probability: number;
}

/** Bits of a hash, to bring the distance to 0..1. */
const HASH_BITS = 64;

/** @returns cosine, distance of the hashes (0..1), and their product; the cosine alone without hashes. */
export function pairFeatures(cosine: number, hashDistance: number | undefined): number[] {
  if (hashDistance === undefined) return [cosine];
  const distance = hashDistance / HASH_BITS;
  return [cosine, distance, cosine * distance];
}

/** @returns the logit that a pair is an edited copy, with how far it is above the least of a near-duplicate. */
export function pairLogit(
  model: PairModel,
  cosine: number,
  hashDistance: number | undefined,
): { logit: number; margin: number } {
  const kind = hashDistance === undefined ? 'cosineOnly' : 'withHash';
  const logit = logitOf(model[kind], pairFeatures(cosine, hashDistance));
  return { logit, margin: logit - model.minLogit[kind] };
}

/**
 * `identical`: the same bytes, or the same descriptor and the same hash. `near-duplicate`: a logit
 * of the model's least or more. `similar`: a cosine beyond what unrelated pairs reach. `weak`: anything else.
 * @param model without one only `identical` can be told. @returns undefined where nothing can be told
 */
export function judgePair(evidence: PairEvidence, model: PairModel | undefined): Judgement | undefined {
  const { cosine, hashDistance, sameContent, sameHash } = evidence;
  if (sameContent || (cosine >= SAME_COSINE && sameHash)) return { verdict: 'identical', probability: 1 };
  if (model === undefined) return undefined;
  const { logit, margin } = pairLogit(model, cosine, hashDistance);
  const probability = sigmoid(logit);
  if (margin >= 0) return { verdict: 'near-duplicate', probability };
  return { verdict: cosine >= model.similarCosine ? 'similar' : 'weak', probability };
}
