import { describe, expect, it } from 'vitest';
import { channelStatistics } from '../../../../engine/evaluate/transforms/channel-statistics.js';
import {
  gamma,
  grey,
  lowerContrast,
  matchColours,
  shift,
  turnHue,
} from '../../../../engine/evaluate/transforms/colour.js';
import { row, values } from './pixels.js';

describe('colour transforms', () => {
  it('shift adds and clips, and leaves the given picture alone', async () => {
    const picture = row([0, 100, 230]);
    expect(await values(shift('s', [50, 50, 50]), picture)).toEqual([50, 150, 255]);
    expect(await values(shift('s', [50, 0, 0]), picture)).toEqual([50, 100, 230]);
    expect([...picture.data]).toEqual([0, 100, 230]);
  });

  it('lowerContrast pulls each channel to its own mean', async () => {
    // R: 0, 60 -> mean 30, (0 - 30) / 1.5 + 30 = 10, 50; G: 100, 130 -> 105, 125; B is flat
    expect(await values(lowerContrast('c', 1.5), row([0, 100, 7], [60, 130, 7]))).toEqual([10, 105, 7, 50, 125, 7]);
  });

  it('gamma bends between fixed ends', async () => {
    // 255 (51/255)^2 = 10.2; 255 (102/255)^2 = 40.8
    expect(await values(gamma('g', 2), row([0, 51, 255], [102, 0, 0]))).toEqual([0, 10, 255, 41, 0, 0]);
  });

  it('grey is the luma of Rec. 601', async () => {
    // 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153
    expect(await values(grey('g'), row([100, 200, 50]))).toEqual([153, 153, 153]);
  });

  it('turnHue by 120 degrees moves red to green to blue, by 90 in between; greys stay', async () => {
    expect(await values(turnHue('h', 120), row([200, 40, 10], [9, 9, 9]))).toEqual([10, 200, 40, 9, 9, 9]);
    expect(await values(turnHue('h', -120), row([200, 40, 10]))).toEqual([40, 10, 200]);
    // red at 90 degrees: half way from yellow (60) to green (120)
    expect(await values(turnHue('h', 90), row([200, 0, 0]))).toEqual([100, 200, 0]);
    // green and blue as the largest channel, a full turn
    expect(await values(turnHue('h', 360), row([10, 200, 40], [10, 40, 200]))).toEqual([10, 200, 40, 10, 40, 200]);
  });

  it('matchColours gives each channel the mean and deviation of the reference', async () => {
    // R: 10, 30 has mean 20, std 10; asked for mean 100, std 20: gain 2 -> 80, 120. G is flat: only moved. B: gain 0.5
    const reference = { mean: [100, 50, 128], std: [20, 5, 5] } as const;
    const art = { mean: [...reference.mean], std: [...reference.std] } as Parameters<typeof matchColours>[1];
    expect(await values(matchColours('m', art), row([10, 7, 0], [30, 7, 20]))).toEqual([80, 50, 123, 120, 50, 133]);
  });

  it('channelStatistics leaves transparent pixels out', () => {
    const picture = { ...row([10, 0, 0], [30, 0, 0], [200, 9, 9]), mask: Uint8Array.of(255, 255, 0) };
    expect(channelStatistics(picture)).toEqual({ mean: [20, 0, 0], std: [10, 0, 0] });
    expect(channelStatistics({ ...picture, mask: new Uint8Array(3) })).toEqual({ mean: [0, 0, 0], std: [0, 0, 0] });
  });

  it('keeps the mask', async () => {
    const mask = Uint8Array.of(0, 255);
    const picture = { ...row([1, 2, 3], [4, 5, 6]), mask };
    for (const transform of [grey('g'), shift('s', [1, 1, 1])])
      expect((await transform.apply(picture)).mask).toBe(mask);
  });
});
