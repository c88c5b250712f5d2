import type { Pixels } from '../../types.js';

/** A change of a picture that a person would look past. Applied to queries; the gallery stays as it is. */
export interface Transform {
  /** Stable name, as it stands in reports. */
  name: string;
  /** @returns a new picture; the one given is left alone. */
  apply(pixels: Pixels): Pixels | Promise<Pixels>;
}
