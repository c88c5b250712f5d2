import { fileURLToPath } from 'node:url';

/** Networks beside the repository, for tests that skip, and say so, where they are absent. */
const beside = fileURLToPath(new URL('../../../../../shared/models/', import.meta.url));

const bundled = fileURLToPath(new URL('../../../../models/first/model.onnx', import.meta.url));

/** The first bundled network: IBN-a in stages 1 to 3, norms apart from the convolutions. */
export const FIRST = { name: 'first', path: bundled };
/** EfficientNet-B4: batch norms apart, depthwise convolutions, squeeze-and-excitation. */
export const TEACHER = { name: 'teacher', path: `${beside}teacher/efficientnet-b4-partial.onnx` };
/** MobileNetV2 with its batch norms folded. */
export const REFERENCE = { name: 'reference', path: `${beside}reference/mobilenet-v2-int8-dequantised.onnx` };

export const REAL_MODELS = [FIRST, TEACHER, REFERENCE];
