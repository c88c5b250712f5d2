import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../engine/errors.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { pictureInputs } from '../../engine/picture-inputs.js';
import { thrownBy, tinyManifest } from './model/fixtures.js';

const limits = imageLimitsSchema.parse({});

async function red(): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 40, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
}

describe('pictureInputs', () => {
  it('gives pictures as the network takes them, and tells of those that cannot be decoded', async () => {
    const sources = [
      { id: 'red', read: red },
      { id: 'broken', read: () => Promise.resolve(Buffer.from('no picture')) },
    ];
    const seen: [number, number][] = [];
    const onPicture = (done: number, total: number) => seen.push([done, total]);
    const { pictures, skipped } = await pictureInputs(sources, tinyManifest(), limits, onPicture);
    expect(skipped.map(({ id, error }) => [id, error.code])).toEqual([['broken', 'unsupported_format']]);
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(pictures.map(({ height, width }) => [height, width])).toEqual([[32, 32]]);
    const tensor = pictures[0]!.tensor();
    expect([tensor.length, tensor[0], tensor[1024], tensor[2048]]).toEqual([3072, 1, 0, 0]);
  });

  it('ends with what is no fault of a picture', async () => {
    const read = () => Promise.reject(new LikenessError('shutting_down', 'closed'));
    const error = await thrownBy(() => pictureInputs([{ id: 'a', read }], tinyManifest(), limits));
    expect(error.code).toBe('shutting_down');
  });
});
