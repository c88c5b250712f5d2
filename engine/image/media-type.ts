import { extname } from 'node:path';
import type { ImageFormat } from './sniff.js';

const MEDIA_TYPES: Record<ImageFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
};

const EXTENSIONS: Record<string, ImageFormat> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.gif': 'gif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

/** @returns the media type to serve a stored picture with; plain bytes for a format that is not known. */
export function mediaTypeOf(format: string): string {
  return isImageFormat(format) ? MEDIA_TYPES[format] : 'application/octet-stream';
}

/** @returns the format that a media type names (parameters are ignored), or undefined if it is none that is read. */
export function formatOfMediaType(mediaType: string): ImageFormat | undefined {
  const essence = mediaType.split(';', 1)[0]?.trim().toLowerCase();
  return (Object.keys(MEDIA_TYPES) as ImageFormat[]).find((format) => MEDIA_TYPES[format] === essence);
}

/** @returns whether a file's extension is one of a format that is read; a folder's other files are passed over. */
export function looksLikeImageFile(path: string): boolean {
  return Object.hasOwn(EXTENSIONS, extname(path).toLowerCase());
}

function isImageFormat(format: string): format is ImageFormat {
  return Object.hasOwn(MEDIA_TYPES, format);
}
