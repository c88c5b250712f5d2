import { createHash } from 'node:crypto';
import type { ChainStage } from './chain-stage.js';
import type { ClassicalExtractor } from './classical-extractor.js';
import { isNetwork, type Manifest } from './manifest.js';

/**
 * Version of the code that makes descriptors: decoding, resizing, tensor, pooling. Raised when any of it changes what it
 * computes, so that descriptors made before are known to be of another kind.
 */
export const DESCRIPTOR_CODE_VERSION = 1;

const LENGTH = 32;

/**
 * @returns 32 hex characters that differ whenever descriptors may: of the model's bytes, its input, the values of further
 * inputs, preprocessing, output and chain; without a network, of the extractor, preprocessing and chain. Name, description, licence, notes, provenance and file names do not count.
 */
export function fingerprint(manifest: Manifest): string {
  const { preprocess, dimension } = manifest;
  const chain = manifest.chain.map(withoutFileNames);
  const facts = { version: DESCRIPTOR_CODE_VERSION, ...sourceFacts(manifest), preprocess, chain, dimension };
  return createHash('sha256').update(canonicalJson(facts)).digest('hex').slice(0, LENGTH);
}

/** What makes the vector or map that the chain goes on with. */
function sourceFacts(manifest: Manifest): object {
  if (!isNetwork(manifest)) return { extractor: withoutFileNames(manifest.extractor) };
  const { sha256, input, inputs, output } = manifest;
  return { sha256, input, inputs, output };
}

/** @returns JSON with the keys of every object sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sortKeys(part) : part));
}

function withoutFileNames(stage: ChainStage | ClassicalExtractor): unknown {
  return JSON.parse(JSON.stringify(stage, (key, value: unknown) => (key === 'file' ? undefined : value)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
