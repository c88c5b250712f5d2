import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprint } from '../../../engine/model/fingerprint.js';
import type { NetworkManifest } from '../../../engine/model/manifest.js';
import { firstManifest } from './fixtures.js';

const PROJECTION = { stage: 'projection', file: 'a.f32', sha256: 'a'.repeat(64), inputs: 512, outputs: 256 } as const;

describe('fingerprint', () => {
  const first = firstManifest();
  const original = fingerprint(first);

  it('is 32 hex characters, the same each time', () => {
    expect(original).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprint(firstManifest())).toBe(original);
  });

  it.each<[string, Partial<NetworkManifest>]>([
    ['network', { sha256: '0'.repeat(64) }],
    ['mean', { input: { ...first.input, mean: [0, 0, 0] } }],
    ['channel order', { input: { ...first.input, channelOrder: 'bgr' } }],
    ['size', { preprocess: { ...first.preprocess, size: 160 } }],
    ['kernel', { preprocess: { ...first.preprocess, kernel: 'cubic' } }],
    ['output', { output: { ...first.output, name: 'other' } }],
    ['pooling', { chain: [{ stage: 'mac' }, ...first.chain.slice(1)] }],
    ['order of the chain', { chain: [first.chain[0]!, { stage: 'l2' }, ...first.chain.slice(1)] }],
    ['projection', { chain: [first.chain[0]!, PROJECTION, { stage: 'l2' }] }],
    ['scales', { preprocess: { ...first.preprocess, scales: [1, 0.5] } }],
    ['dimension', { dimension: 128 }],
    ['values of further inputs', { inputs: { runWeight: [0.9] } }],
  ])('changes with the %s', (_name, change) => {
    expect(fingerprint({ ...first, ...change })).not.toBe(original);
  });

  it('stays with another name, description, licence, note or file name', () => {
    const chain = first.chain.map((stage) => (stage.stage === 'projection' ? { ...stage, file: 'b.f32' } : stage));
    const words = { name: 'other', description: 'x', licence: 'MIT', file: 'other.onnx' };
    expect(fingerprint({ ...first, ...words, normalization: { kind: 'none', notes: 'x' }, chain })).toBe(original);
  });

  it('stays with another file name within a stage, and changes with its hash', () => {
    const { file: _file, stage: _stage, ...facts } = PROJECTION;
    const of = (file: string, sha256: string) =>
      fingerprint({ ...first, chain: [{ stage: 'rmac', levels: 3, projection: { ...facts, file, sha256 } }] });
    expect(of('a.f32', 'a'.repeat(64))).toBe(of('b.f32', 'a'.repeat(64)));
    expect(of('a.f32', 'a'.repeat(64))).not.toBe(of('a.f32', 'b'.repeat(64)));
  });

  it('changes with a value of a further input, not with their order', () => {
    const withInputs = (inputs: Record<string, number[]>) => fingerprint({ ...first, inputs });
    expect(withInputs({ a: [1], b: [2] })).toBe(withInputs({ b: [2], a: [1] }));
    expect(withInputs({ a: [1], b: [2] })).not.toBe(withInputs({ a: [1], b: [3] }));
  });

  it('stays with another provenance', () => {
    const pass = { pass: 'fold-bn', options: {}, sites: ['bn'], skipped: [], inputs: [] };
    const provenance = [{ parent: { name: 'a', sha256: 'a'.repeat(64) }, passes: [pass] }];
    expect(fingerprint({ ...first, normalization: { kind: 'folded', provenance } })).toBe(original);
  });

  it('is that of the bundled model', () => {
    // stored collections carry this value: if it changes, every one of them must be embedded anew
    expect(original).toMatchInlineSnapshot(`"5525124107372d282847202435b0075b"`);
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
  });
});
