import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { stageSchema } from '../graph/stage.js';
import type { ModelProto } from '../onnx/onnx_pb.js';

/** What a pass did, for the manifest of the model that came of it. Plain JSON. */
export const provenanceSchema = z.strictObject({
  pass: z.string(),
  /** Parameters, numbers and words only: tensors are in the model. */
  options: z.record(z.string(), z.unknown()),
  /** Names of the sites (or values) that were rewritten. */
  sites: z.array(z.string()),
  /** Sites that were asked for by stage only and could not be rewritten. */
  skipped: z.array(z.strictObject({ site: z.string(), reason: z.string() })),
  /** Inputs that the network needs from now on. */
  inputs: z.array(z.string()),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** A pass gives a new model; the one it was given stays as it was. */
export interface PassResult {
  model: ModelProto;
  provenance: Provenance;
}

/** Which sites a pass is for: those of some stages, or some by name; all that fit, where neither is given. */
export const siteSelectionSchema = z.strictObject({
  stages: z.array(stageSchema).min(1).optional(),
  sites: z.array(z.string()).min(1).optional(),
});
export type SiteSelection = z.infer<typeof siteSelectionSchema>;

/** @throws invalid_request if the options are not what the schema says. */
export function parseOptions<T extends z.ZodType>(schema: T, options: unknown): z.output<T> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new LikenessError('invalid_request', `options of the pass: ${z.prettifyError(parsed.error)}`);
}

/** @returns the provenance of a pass that skipped nothing and needs no new input, unless said otherwise. */
export function provenanceOf(
  pass: string,
  options: Record<string, unknown>,
  sites: string[],
  rest: Partial<Pick<Provenance, 'skipped' | 'inputs'>> = {},
): Provenance {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { pass, options: given, sites, skipped: [], inputs: [], ...rest };
}
