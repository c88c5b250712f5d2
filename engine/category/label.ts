import { z } from 'zod';
import type { Metadata } from '../types.js';

/** A value of a metadata field that sorts images into categories or domains. As in filters, 5 and "5" differ. */
export const labelSchema = z.union([z.string().max(4096), z.number(), z.boolean()], {
  error: 'expected a string, number or boolean',
});
export type Label = z.infer<typeof labelSchema>;

/** Name of a top-level field of the metadata. */
export const metadataFieldSchema = z.string().min(1).max(128);

/** @returns the label that metadata has in this field; lists, objects and null are none. */
export function labelOf(metadata: Metadata, field: string): Label | undefined {
  const parsed = labelSchema.safeParse(metadata[field]);
  return parsed.success ? parsed.data : undefined;
}
