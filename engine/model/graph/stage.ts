import { z } from 'zod';

/**
 * Part of a backbone by how coarse its maps are, as in a residual network: the stem down to stride 2, stage 1 at stride
 * 4, 2 at 8, 3 at 16, 4 at 32 and beyond.
 */
export const stageSchema = z.union([z.literal('stem'), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Stage = z.infer<typeof stageSchema>;

/** @returns the stage of maps with that stride, or undefined for what is no map (Infinity: averaged to one point). */
export function stageOf(stride: number): Stage | undefined {
  if (stride === Infinity) return undefined;
  if (stride <= 2) return 'stem';
  if (stride <= 4) return 1;
  if (stride <= 8) return 2;
  return stride <= 16 ? 3 : 4;
}
