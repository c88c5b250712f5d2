import { z } from 'zod';

const sharesSchema = z.record(z.string(), z.number());

/** How verdicts did on pictures that they were not calibrated on. */
export const measuredCalibrationSchema = z.object({
  calibrationError: z.number().describe('expected calibration error (10 bins) of the probability'),
  unseenCalibrationError: z.number().describe('the same with the kinds of edits that were not fitted on'),
  falsePer1000: z.number().describe('pairs of different pictures drawn at random that were called near-duplicates'),
  nearestPer1000: z
    .number()
    .describe('pairs of a picture and one of its nearest others that were; some may be duplicates indeed'),
  randomPairs: z.number().int(),
  nearestPairs: z.number().int(),
  editedCopies: z.number().int(),
  recall: sharesSchema.describe('share of edited copies that were called near-duplicates, by kind of edit'),
  unseenRecall: sharesSchema.describe('the same for kinds of edits that were not fitted on'),
});
export type MeasuredCalibration = z.infer<typeof measuredCalibrationSchema>;
