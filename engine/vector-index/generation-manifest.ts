import { createHash } from 'node:crypto';
import { z } from 'zod';
import { indexConfigSchema } from '../types.js';

const fileEntrySchema = z.strictObject({
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;

/** What must agree between an index and a generation that it loads. */
const indexIdentitySchema = z.strictObject({
  kind: indexConfigSchema.shape.kind.unwrap(),
  dimension: z.number().int().positive(),
  M: z.number().int(),
  efConstruction: z.number().int(),
  /** Of the model and descriptor chain that made the vectors. */
  fingerprint: z.string(),
});
export type IndexIdentity = z.infer<typeof indexIdentitySchema>;

/** generation.json: everything about a generation that can be checked before hnswlib sees a byte of it. */
const generationManifestSchema = indexIdentitySchema.extend({
  magic: z.literal('likeness-generation'),
  formatVersion: z.literal(1),
  metric: z.literal('cosine'),
  /** Commits up to this one are in the generation. */
  sequence: z.number().int().min(0),
  /** Live nodes: rows of nodes.u32 and vectors.f32. */
  count: z.number().int().min(0),
  /** How many of those rows, from the first on, are in the graph. */
  graphRows: z.number().int().min(0),
  /** Deleted nodes that the graph still holds: rows of tombstones.u32. */
  tombstones: z.number().int().min(0),
  files: z.record(z.string(), fileEntrySchema),
});
export type GenerationManifest = z.infer<typeof generationManifestSchema>;

const sealedSchema = z.strictObject({ manifest: generationManifestSchema, sha256: z.string() });

/** @returns the text of generation.json: the manifest, sealed with its own SHA-256. */
export function encodeManifest(manifest: GenerationManifest): string {
  return `${JSON.stringify({ manifest, sha256: seal(manifest) }, null, 2)}\n`;
}

/** @returns the manifest, or in words what is wrong with the text. */
export function decodeManifest(text: string): GenerationManifest | string {
  const parsed = sealedSchema.safeParse(parseJson(text));
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { manifest, sha256 } = parsed.data;
  return sha256 === seal(manifest) ? manifest : `expected SHA-256 ${sha256}, got ${seal(manifest)}`;
}

/** Keys are sorted, so that the seal does not depend on the order in which they were written. */
function seal(manifest: GenerationManifest): string {
  const sorted = Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
