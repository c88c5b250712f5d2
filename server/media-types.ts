export const NDJSON = 'application/x-ndjson';
export const EVENT_STREAM = 'text/event-stream';

/** @returns whether a body of this content type is the bytes of one picture. What they really are is seen in the bytes. */
export function isPictureType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^(image\/|application\/octet-stream\b)/i.test(contentType);
}
