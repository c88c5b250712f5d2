import { expect, it } from 'vitest';
import type { ImageRecord } from '../../../engine/types.js';
import { chooseKept } from '../../../scripts/duplicates/choose-kept.js';

const image = (id: string, createdAt: string, side: number, bytes: number) =>
  ({ id, createdAt, width: side, height: side, bytes }) as ImageRecord;

it('keeps the oldest, or the largest by pixels, then by bytes, then the oldest', () => {
  const images = [image('b', '2026-02', 20, 50), image('c', '2026-03', 20, 60), image('a', '2026-01', 10, 900)];
  expect(chooseKept(images, 'oldest').id).toBe('a');
  expect(chooseKept(images, 'largest').id).toBe('c');
  expect(chooseKept([...images, image('d', '2026-01', 20, 60)], 'largest').id).toBe('d');
  expect(chooseKept([image('y', '2026-01', 1, 1), image('x', '2026-01', 1, 1)], 'oldest').id).toBe('x');
});
