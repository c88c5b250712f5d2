import type { ImageRegion } from '../engine/store/store.js';
import { decodeFloats, encodeFloats } from './float-text.js';
import type { TransferRegion } from './schemas.js';

/** @returns regions as they travel in a line of JSON. */
export function encodeRegions(regions: readonly ImageRegion[] = []): { regions?: TransferRegion[] } {
  if (regions.length === 0) return {};
  return { regions: regions.map(({ box, descriptor }) => ({ box, descriptor: encodeFloats(descriptor) })) };
}

/** @returns what {@link encodeRegions} took. @throws `invalid_descriptor` */
export function decodeRegions(regions: readonly TransferRegion[] = []): { regions?: ImageRegion[] } {
  if (regions.length === 0) return {};
  return { regions: regions.map(({ box, descriptor }) => ({ box, descriptor: decodeFloats(descriptor) })) };
}
