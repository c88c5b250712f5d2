import { expect, it } from 'vitest';
import type { Transform } from '../../../engine/evaluate/transforms/transform.js';
import { describeOnce } from '../../../scripts/evaluation/describe-once.js';

it('describes a picture once for each transform', async () => {
  let calls = 0;
  const describe = describeOnce(() => Promise.resolve(Float32Array.of(calls++)));
  const item = { id: 'a', label: '', path: '/a' };
  const grey: Transform = { name: 'grey', apply: (pixels) => pixels };
  const found = await Promise.all([describe(item), describe(item), describe(item, grey), describe({ ...item })]);
  expect(found.map(([value]) => value)).toEqual([0, 0, 1, 2]);
});
