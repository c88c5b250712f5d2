import { z } from 'zod';
import { regionSchema } from '../engine/types.js';

/** A value as JSON text, for query strings. @returns a schema from the text to what `schema` gives. */
export function jsonText<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON text' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** A region as four numbers: x,y,width,height. */
export const regionText = z
  .string()
  .regex(/^[^,]+(,[^,]+){3}$/, 'expected x,y,width,height')
  .transform((text) => {
    const [x, y, width, height] = text.split(',').map(Number);
    return { x, y, width, height };
  })
  .pipe(regionSchema)
  .describe('x,y,width,height in oriented pixels, or fractions where all are at most 1');

/** Names separated by commas; none for the empty text. */
export function textList<const T extends string>(names: readonly T[]) {
  return z
    .string()
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.string().pipe(z.enum(names))));
}
