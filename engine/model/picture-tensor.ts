import { Tensor } from 'onnxruntime-node';
import type { ModelInput } from './manifest.js';

/** @returns pictures as the network takes them: [n,3,height,width], or [n,height,width,3] where its layout is nhwc. */
export function pictureTensor(
  { layout }: ModelInput,
  data: Float32Array,
  n: number,
  height: number,
  width: number,
): Tensor {
  return new Tensor('float32', data, layout === 'nchw' ? [n, 3, height, width] : [n, height, width, 3]);
}
