import { expect, it } from 'vitest';
import { formatOfMediaType, looksLikeImageFile, mediaTypeOf } from '../../../engine/image/media-type.js';
import { FORMATS } from './fixtures.js';

it.each(FORMATS)('%s and back', (format) => {
  expect(formatOfMediaType(mediaTypeOf(format))).toBe(format);
});

it('reads media types as HTTP writes them', () => {
  expect(formatOfMediaType('Image/JPEG; charset=binary')).toBe('jpeg');
  expect(formatOfMediaType('image/svg+xml')).toBeUndefined();
});

it('serves what it does not know as bytes', () => {
  expect(mediaTypeOf('svg')).toBe('application/octet-stream');
  expect(mediaTypeOf('toString')).toBe('application/octet-stream');
});

it.each(['a.jpg', 'A/B.JPEG', 'x.y.png', 'a.webp', 'a.avif', 'a.gif', 'a.tif', 'a.TIFF'])(
  '%s looks like an image',
  (path) => {
    expect(looksLikeImageFile(path)).toBe(true);
  },
);

it.each(['a.txt', 'a.heic', 'jpg', '.jpg', 'a.jpg.part', 'a.svg', 'a', 'a.toString'])('%s does not', (path) => {
  expect(looksLikeImageFile(path)).toBe(false);
});
