import { z } from 'zod';
import { metadataFieldSchema } from '../category/label.js';

/** What `tune` may be asked for. */
export const tuneFields = {
  from: z
    .enum(['labels', 'feedback'])
    .default('labels')
    .describe('learn from a metadata field, or from which hits of searches were chosen'),
  label: metadataFieldSchema.describe('with labels: the metadata field that names the class').optional(),
  folds: z.number().int().min(2).max(20).default(5).describe('parts that are held out in turn'),
  holdOut: z
    .enum(['classes', 'images'])
    .default('classes')
    .describe('with labels: what a fold keeps from learning: whole classes, or some images of each'),
  dryRun: z.boolean().default(false).describe('measure only'),
  revert: z.boolean().default(false).describe('instead: go back to the chain as it was before anything was learned'),
};
export type TuneRequest = z.infer<z.ZodObject<typeof tuneFields>>;

/** @returns whether the field that is learned from is named where one is needed. */
export function namesWhatToLearnFrom({ from, label, revert }: Pick<TuneRequest, 'from' | 'label' | 'revert'>): boolean {
  return revert || (from === 'labels') === (label !== undefined);
}
export const LABEL_MESSAGE = 'expected label, the metadata field that names the class, with labels and only there';
