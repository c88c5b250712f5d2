import type { z } from 'zod';
import { LikenessError } from '../engine/errors.js';

/** @returns the JSON of a command line option, as the schema types it. @throws `invalid_json`, `invalid_request` naming the option */
export function parseJsonOption<S extends z.ZodType>(schema: S, option: string, text: string): z.infer<S> {
  const parsed = schema.safeParse(parseJson(option, text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
  throw new LikenessError('invalid_request', `${option}: ${problems.join('; ')}`);
}

/** @returns any JSON of a command line option. @throws `invalid_json` naming the option */
export function parseJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LikenessError('invalid_json', `${option}: expected JSON, got ${text}`, { cause: error });
  }
}
