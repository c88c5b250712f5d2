import { createHash } from 'node:crypto';
import type { ChainStage } from './chain-stage.js';
import type { Manifest } from './manifest.js';

/**
 * Version of the code that makes descriptors: decoding, resizing, tensor, pooling. Raised when any of it changes what it
 * computes, so that descriptors made before are known to be of another kind.
 */
export const DESCRIPTOR_CODE_VERSION = 1;

const LENGTH = 32;

/**
 * @returns 32 hex characters that differ whenever descriptors may: of the model's bytes, its input, the values of further
 * inputs, preprocessing, output and chain. Name, description, licence, notes, provenance and file names do not count.
 */
export function fingerprint(manifest: Manifest): string {
  const { sha256, input, inputs, preprocess, output, dimension } = manifest;
  const chain = manifest.chain.map(withoutFileNames);
  const facts = { version: DESCRIPTOR_CODE_VERSION, sha256, input, inputs, preprocess, output, chain, dimension };
  return createHash('sha256').update(canonicalJson(facts)).digest('hex').slice(0, LENGTH);
}

/** @returns JSON with the keys of every object sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sortKeys(part) : part));
}

function withoutFileNames(stage: ChainStage): unknown {
  return JSON.parse(JSON.stringify(stage, (key, value: unknown) => (key === 'file' ? undefined : value)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
