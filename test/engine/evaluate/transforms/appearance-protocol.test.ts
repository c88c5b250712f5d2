import { describe, expect, it } from 'vitest';
import {
  appearanceProtocol,
  type AppearanceMeans,
} from '../../../../engine/evaluate/transforms/appearance-protocol.js';
import { row } from './pixels.js';

describe('appearance protocol', () => {
  it('lists every transform under its name', () => {
    const means: AppearanceMeans = {
      jpegRoundTrip: () => Promise.resolve(row([1, 2, 3])),
      artStatistics: { mean: [1, 2, 3], std: [1, 1, 1] },
    };
    const names = appearanceProtocol(means).map(({ name }) => name);
    expect(names.join(' ')).toBe(
      'rgb+50 r+50 contrast/1.5 hue-90 grey gamma-2 art-colours jpeg-30 blur half-size crop-70 flip rotate-10',
    );
  });

  it('leaves out what the caller gives no means for', () => {
    const names = appearanceProtocol().map(({ name }) => name);
    expect(names).toHaveLength(11);
    expect(names).not.toContain('jpeg-30');
    expect(names).not.toContain('art-colours');
  });

  it('asks the caller for JPEG of quality 30', async () => {
    const asked: number[] = [];
    const protocol = appearanceProtocol({
      jpegRoundTrip: (pixels, quality) => {
        asked.push(quality);
        return Promise.resolve(pixels);
      },
    });
    await protocol.find(({ name }) => name === 'jpeg-30')!.apply(row([1, 2, 3]));
    expect(asked).toEqual([30]);
  });
});
