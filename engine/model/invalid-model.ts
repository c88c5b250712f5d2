import { LikenessError } from '../errors.js';
import type { NetworkManifest } from './manifest.js';

/** @returns the error of a network that is not what its manifest says: what was expected, and what was found. */
export function invalidModel(manifest: NetworkManifest, message: string, cause?: unknown): LikenessError {
  return new LikenessError('model_invalid', `model ${manifest.name}: ${message}`, { cause });
}
