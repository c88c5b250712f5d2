import { z } from 'zod';

/** What two pictures are to each other, from the loosest to the strictest. */
export const VERDICTS = ['weak', 'similar', 'near-duplicate', 'identical'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

/** @returns whether a verdict is as strict as another, or stricter. */
export function isAtLeast(verdict: Verdict, floor: Verdict): boolean {
  return VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(floor);
}
