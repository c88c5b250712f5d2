import { z } from 'zod';
import { measuredCalibrationSchema } from '../../duplicates/calibration/measured.js';
import { pairModelSchema } from '../../duplicates/pair-model.js';
import type { Epoch } from '../epoch.js';

/** Under which a calibration is kept among what was learned. */
export const CALIBRATION = 'calibration';

/** What a calibration tells of itself. */
export const calibrationFactsSchema = z.object({
  calibratedAt: z.string(),
  sequence: z.number().int().describe('commits up to this one were in the collection'),
  images: z.number().int().describe('that the collection had then'),
  measured: measuredCalibrationSchema,
});
export type CalibrationFacts = z.infer<typeof calibrationFactsSchema>;

const calibrationSchema = calibrationFactsSchema.extend({ model: pairModelSchema });
export type Calibration = z.infer<typeof calibrationSchema>;

/** @returns what a calibration tells of itself, without its numbers. */
export function calibrationFacts({ model, ...facts }: Calibration): CalibrationFacts {
  return facts;
}

/** @returns the calibration of an epoch, or undefined if there is none yet. */
export function calibrationOf({ learned }: Pick<Epoch, 'learned'>): Promise<Calibration | undefined> {
  return learned.read(CALIBRATION, calibrationSchema);
}
