import { z } from 'zod';

/** How a category head is trained. */
export const headSettingsSchema = z.strictObject({
  balanced: z.boolean().default(false).describe('count each label alike, however many images it has'),
  heldOut: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.2)
    .describe('share of the images of each label that is held out, to stop early and to calibrate on'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(0)
    .describe('of what is drawn at random'),
});
export type HeadSettings = z.infer<typeof headSettingsSchema>;
