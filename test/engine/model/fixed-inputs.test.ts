import { describe, expect, it } from 'vitest';
import { fixedInputs } from '../../../engine/model/fixed-inputs.js';
import { tinyManifest } from './fixtures.js';

/** Dims of input a of that shape, which the manifest gives so many values. */
function dimsFor(shape: (number | string)[], count: number): readonly number[] {
  const inputs = [{ name: 'a', isTensor: true as const, type: 'float32' as const, shape }];
  const manifest = { ...tinyManifest(), inputs: { a: Array<number>(count).fill(1) } };
  return fixedInputs(inputs, manifest)['a']!.dims;
}

describe('fixedInputs', () => {
  it.each<[(number | string)[], number, number[]]>([
    [[], 1, []],
    [[1], 1, [1]],
    [['k'], 4, [4]],
    [['k', 'j'], 4, [4, 1]],
    [[1, 'k', 2, 'j'], 6, [1, 3, 2, 1]],
  ])('gives %j with %i values the dims %j', (shape, count, dims) => {
    expect(dimsFor(shape, count)).toEqual(dims);
  });

  it.each<[(number | string)[], number]>([
    [[], 2],
    [[2], 1],
    [['k', 2], 3],
    [[0], 1],
  ])('refuses %j with %i values', (shape, count) => {
    expect(() => dimsFor(shape, count)).toThrow('expected values of input a');
  });

  it('is empty for a manifest without values', () => {
    expect(fixedInputs([], tinyManifest())).toEqual({});
  });
});
