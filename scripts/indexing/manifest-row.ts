import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import { imageIdSchema, metadataSchema } from '../../engine/types.js';
import type { IndexItem } from './index-items.js';

/** One row of a manifest; op is add if it is left out, id is the path if it is left out. */
const manifestRowSchema = z
  .strictObject({
    op: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['add', 'delete']))
      .default('add'),
    id: imageIdSchema.optional(),
    path: z.string().min(1).optional(),
    metadata: metadataSchema.optional(),
  })
  .refine((row) => (row.op === 'add' ? row.path !== undefined : row.id !== undefined || row.path !== undefined), {
    error: 'expected a path to add, or an id to delete',
  });

/** @returns the row as an item; paths are relative to the manifest. @throws `invalid_request` naming file and line */
export function parseManifestRow(row: unknown, file: string, line: number): IndexItem {
  const parsed = manifestRowSchema.safeParse(row);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; ');
    throw new LikenessError('invalid_request', `${file}, line ${line}: ${problems}`);
  }
  const { op, path, metadata } = parsed.data;
  const id = parsed.data.id ?? path ?? '';
  if (op === 'delete') return { op, id };
  return { op, id, path: resolve(dirname(file), path ?? ''), ...(metadata === undefined ? {} : { metadata }) };
}
