import { createHash } from 'node:crypto';
import { KINDS } from '../demo/kinds.js';
import { drawPicture } from '../demo/picture.js';

/** A picture that the soak adds: pictures of one look have the same pixels, and so the same descriptor. */
export interface SoakPicture {
  look: string;
  contentHash: string;
  bytes: Buffer;
}

/** @returns one drawn JPEG a look, `looks` of them. */
export async function drawLooks(looks: number): Promise<SoakPicture[]> {
  return Promise.all(KINDS.slice(0, looks).map(async (kind) => toPicture(kind.name, await drawPicture(kind, 'soak'))));
}

/** @returns the same pixels in another file: a comment segment is put in behind the JPEG's first marker. */
export function variantOf({ look, bytes }: SoakPicture, variant: number): SoakPicture {
  const text = Buffer.from(`variant ${variant}`);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return toPicture(look, Buffer.concat([bytes.subarray(0, 2), head, text, bytes.subarray(2)]));
}

function toPicture(look: string, bytes: Buffer): SoakPicture {
  return { look, bytes, contentHash: createHash('sha256').update(bytes).digest('hex') };
}
