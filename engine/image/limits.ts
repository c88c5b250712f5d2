import { z } from 'zod';

/** Caps on one picture, so that a hostile or broken one cannot take the machine's memory or time. */
export const imageLimitsSchema = z.strictObject({
  maxBytes: z.number().int().positive().default(20_000_000).describe('bytes of one picture, as sent'),
  maxPixels: z.number().int().positive().default(100_000_000).describe('pixels of one picture, before decoding'),
  timeoutMs: z.number().int().positive().default(10_000).describe('time for decoding one picture, waiting included'),
});
export type ImageLimits = z.infer<typeof imageLimitsSchema>;
