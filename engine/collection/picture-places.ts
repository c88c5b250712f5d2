import { pickDefined } from '../pick-defined.js';
import type { Region } from '../types.js';

/** Where in each picture of a search to look: at all of it, at one region, at several, or at what is found in it. */
export interface PicturePlaces {
  region?: Region | undefined;
  /** Each is a query of its own, with the picture's weight. */
  regions?: Region[] | undefined;
  /** Share of a region's size that is added on each side. */
  context?: number | undefined;
  /** Look at the subject that stands out most; at the whole picture where none does. */
  subject?: 'auto' | undefined;
}

/** One place of a picture. */
export interface PicturePlace {
  region?: Region;
  context?: number;
  subject?: 'auto';
}

/** @returns the places to look at, at least one; without any named it is the whole picture. */
export function picturePlaces({ region, regions, context, subject }: PicturePlaces): PicturePlace[] {
  const named = regions ?? (region === undefined ? [] : [region]);
  const shared = pickDefined({ context, subject }, ['context', 'subject']);
  return named.length === 0 ? [shared] : named.map((place) => ({ region: place, ...shared }));
}
