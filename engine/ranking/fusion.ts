import { z } from 'zod';

/** Keeps the first ranks from deciding alone (Cormack et al. 2009). */
const RANK_OFFSET = 60;

/** How a ranking by pictures and one by words become one. */
export const fusionSchema = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('rrf') }),
    z.strictObject({
      method: z.literal('weighted'),
      weight: z.number().min(0).max(1).default(0.5).describe('share of the text; the rest is the pictures'),
    }),
  ])
  .describe('of text and pictures: rrf sums 1 / (60 + rank), weighted adds cosine and relevance by their shares');
export type Fusion = z.infer<typeof fusionSchema>;

/** One image of either ranking. */
export interface FusionCandidate {
  cosine: number;
  /** From 1; absent where the ranking did not find it. */
  visualRank?: number;
  textRank?: number;
  /** Of the text, 0..1 of the best; 0 where it was not found by its text. */
  relevance: number;
}

/**
 * @returns what a candidate is ordered by, higher is better: the sum of 1 / (60 + rank) over the rankings that found it
 * (reciprocal rank fusion, Cormack et al. 2009), or (1 - weight) cosine + weight relevance.
 */
export function fusedScore({ cosine, visualRank, textRank, relevance }: FusionCandidate, fusion: Fusion): number {
  if (fusion.method === 'weighted') return (1 - fusion.weight) * cosine + fusion.weight * relevance;
  return reciprocal(visualRank) + reciprocal(textRank);
}

function reciprocal(rank: number | undefined): number {
  return rank === undefined ? 0 : 1 / (RANK_OFFSET + rank);
}
