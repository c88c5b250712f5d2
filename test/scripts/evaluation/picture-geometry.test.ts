import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { EvaluationItem } from '../../../engine/evaluate/protocol.js';
import type { Transform } from '../../../engine/evaluate/transforms/transform.js';
import { PictureGeometry } from '../../../scripts/evaluation/picture-geometry.js';
import { tempFolder } from '../../support/temp-folder.js';
import { texturedPicture } from '../../support/textured.js';

const geometry = new PictureGeometry({ maxBytes: 1e7, maxPixels: 1e7, timeoutMs: 5000 });
afterAll(() => geometry.close());

it('verifies the pictures that descriptors are of, and no changed ones', async () => {
  const folder = await tempFolder();
  const items: EvaluationItem[] = [];
  for (const seed of [1, 2]) {
    const path = join(folder, `${seed}.png`);
    await writeFile(path, await texturedPicture(seed));
    items.push({ id: `${seed}`, label: 'a', path });
  }
  const describe = geometry.noting(() => Promise.resolve(new Float32Array(2)));
  const [a, b] = [await describe(items[0]!), await describe(items[1]!)];
  const [same, other] = await geometry.inliers(a, [a, b]);
  expect(same).toBeGreaterThan(50);
  expect(other).toBeLessThan(8);
  const blur: Transform = { name: 'blur', apply: (pixels) => Promise.resolve(pixels) };
  const changed = await describe(items[0]!, blur);
  await expect(geometry.inliers(changed, [a])).rejects.toThrow(/untouched/);
});
