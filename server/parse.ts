import type { z } from 'zod';
import { LikenessError } from '../engine/errors.js';

/** @returns the value as the schema gives it. @throws `invalid_request` naming the place and what was expected */
export function parse<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = [place, ...issue.path.map(String)].join('.');
  throw new LikenessError('invalid_request', `${path}: ${issue.message}`, { details: { path } });
}

/** @returns the text's JSON value. @throws `invalid_json` naming the place */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LikenessError('invalid_json', `${place}: expected JSON`, { cause: error });
  }
}
