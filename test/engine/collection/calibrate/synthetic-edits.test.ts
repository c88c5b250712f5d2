import { describe, expect, it } from 'vitest';
import { syntheticEdits, unseenKinds } from '../../../../engine/collection/calibrate/synthetic-edits.js';
import type { Pixels } from '../../../../engine/types.js';
import { seededRandom } from '../../../support/vectors.js';

/** 40 x 30 pixels, each channel of each pixel its own value. */
const PICTURE = { width: 40, height: 30, data: Uint8Array.from({ length: 3600 }, (_, i) => (i * 37) % 256) };

describe('synthetic edits', () => {
  it('change the picture, each in a way of its own', async () => {
    const edits = syntheticEdits(seededRandom(1), true);
    const textOf = ({ width, data }: Pixels) => `${width} ${Buffer.from(data).toString('base64')}`;
    const texts = new Set([textOf(PICTURE)]);
    for (const edit of edits) texts.add(textOf(await edit.apply(PICTURE)));
    expect(texts.size).toBe(edits.length + 1);
  });

  it('keep those that are only measured on apart', () => {
    const fitted = syntheticEdits(seededRandom(1), false).map(({ name }) => name);
    expect(unseenKinds()).toEqual(['rotate-5', 'grey']);
    expect(fitted.filter((name) => unseenKinds().includes(name))).toEqual([]);
  });

  it('are drawn anew with each seed', async () => {
    const crop = async (seed: number) => syntheticEdits(seededRandom(seed), false)[0]!.apply(PICTURE);
    expect(await crop(1)).toEqual(await crop(1));
    expect(await crop(1)).not.toEqual(await crop(2));
  });
});
