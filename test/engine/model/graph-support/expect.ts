import { expect } from 'vitest';
import type { Nchw } from '../reference-ops.js';

/** Expects every value within 1e-4 * max(1, max|expected|), all finite and as many as expected. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(actual.length).toBe(expected.length);
  const values = Array.from(expected);
  const allowed = tolerance * Math.max(1, ...values.map(Math.abs));
  const worst = values.reduce((max, value, i) => Math.max(max, gap(value, actual[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(allowed);
}

/** Expects the same shape too. */
export function expectMap(actual: { dims: number[]; data: ArrayLike<number> } | undefined, expected: Nchw): void {
  expect(actual?.dims).toEqual([expected.n, expected.c, expected.h, expected.w]);
  expectClose(actual?.data ?? [], expected.data);
}

/** Expects a LikenessError of that code with that text in its message. */
export function expectRefused(act: () => unknown, code: string, message: string): void {
  expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
}

function gap(a: number, b: number): number {
  const difference = Math.abs(a - b);
  return Number.isFinite(difference) ? difference : Infinity;
}
