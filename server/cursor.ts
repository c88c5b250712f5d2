import { LikenessError } from '../engine/errors.js';
import { imageIdSchema } from '../engine/types.js';

/** Tells cursors of this kind from others that may come. */
const VERSION = '1:';

/** @returns an opaque text for the place after an id. */
export function encodeCursor(lastId: string): string {
  return Buffer.from(VERSION + lastId).toString('base64url');
}

/** @returns the id that {@link encodeCursor} was given. @throws `invalid_cursor` */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = text.slice(VERSION.length);
  if (encodeCursor(id) === cursor && imageIdSchema.safeParse(id).success) return id;
  throw new LikenessError('invalid_cursor', 'expected a cursor from nextCursor of a list');
}
