import type { ModelInput } from '../model/manifest.js';
import type { Pixels } from '../types.js';

/**
 * Pixels to the network's input: value = (pixel * scale - mean) / std. mean and std are in the order of the network's
 * channels, as channelOrder says.
 *
 * @returns [3, height, width] for layout nchw, [height, width, 3] for nhwc
 */
export function pixelsToTensor(pixels: Pixels, input: ModelInput): Float32Array {
  const { data } = pixels;
  const pixelCount = pixels.width * pixels.height;
  const tensor = new Float32Array(pixelCount * 3);
  const [pixelStride, channelStride] = input.layout === 'nchw' ? [1, pixelCount] : [3, 1];
  for (let channel = 0; channel < 3; channel++) {
    const source = input.channelOrder === 'rgb' ? channel : 2 - channel;
    const factor = input.scale / input.std[channel]!;
    const offset = input.mean[channel]! / input.std[channel]!;
    for (let pixel = 0; pixel < pixelCount; pixel++) {
      tensor[pixel * pixelStride + channel * channelStride] = data[pixel * 3 + source]! * factor - offset;
    }
  }
  return tensor;
}
