import type { Sharp } from 'sharp';
import type { ImageFacts } from './probe.js';

/**
 * Brings any colour space to 8-bit sRGB (grey becomes three channels, an embedded profile is applied). libvips takes
 * pictures of 16 bits with a profile through Display P3; without the second step they would keep P3 values as if sRGB.
 */
export function toSrgb(image: Sharp, facts: ImageFacts): Sharp {
  const srgb = image.toColourspace('srgb');
  return facts.isDeep && facts.hasProfile ? srgb.withIccProfile('srgb', { attach: false }) : srgb;
}
