/**
 * The one place where bytes of strangers enter sharp. Importing it sets sharp up for the whole process: only the buffer
 * loaders of the allow-list, no cache (each picture is seen once), one thread a picture (pictures run side by side).
 */
import sharp from 'sharp';
import type { FailOnOptions, Sharp } from 'sharp';
import type { ImageLimits } from './limits.js';

/** libvips' names of the loaders that read from memory; Heif is AVIF here, the build has no HEVC decoder. */
const ALLOWED_LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((name) => `VipsForeignLoad${name}Buffer`);

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ALLOWED_LOADERS });

/**
 * Opens a picture for decoding its first frame; nothing is read until the pipeline runs.
 *
 * @param failOn the mildest trouble that ends decoding; 'warning' is the strictest, every level refuses missing data
 */
export function openImage(bytes: Uint8Array, limits: ImageLimits, failOn: FailOnOptions): Sharp {
  return sharp(bytes, { failOn, limitInputPixels: limits.maxPixels, sequentialRead: true, pages: 1 });
}
