/** Adaptation of the bundled model on photographs; skipped, and said so, where those are not beside the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileChain } from '../../../engine/descriptor/chain.js';
import { pictureInputs } from '../../../engine/picture-inputs.js';
import { imageLimitsSchema } from '../../../engine/image/limits.js';
import { adaptToPictures } from '../../../engine/model/adapt-to-pictures.js';
import type { PictureInput } from '../../../engine/model/picture-batches.js';
import type { ModelProto } from '../../../engine/model/onnx/onnx_pb.js';
import { readOnnx } from '../../../engine/model/onnx/onnx-file.js';
import { bnToIn } from '../../../engine/model/passes/bn-to-in.js';
import { dot } from '../../support/vectors.js';
import { firstManifest } from './fixtures.js';
import { FIRST } from './graph-support/real-models.js';
import { runModel, toTensor } from './graph-support/tiny-model.js';

const photographs = fileURLToPath(new URL('../../../../shared/data/dev/caltech101/', import.meta.url));
const here = existsSync(photographs);
if (!here) console.log(`skipped: ${photographs} is not here`);

/** One photograph of each of some classes. */
function sources(count: number) {
  const classes = readdirSync(photographs).slice(0, count);
  return classes.map((id) => {
    const folder = join(photographs, id);
    return { id, read: () => Promise.resolve(readFileSync(join(folder, readdirSync(folder)[0]!))) };
  });
}

/** gem and l2 of the network's map, without the projection. */
async function describeWith(model: ModelProto, { height, width, tensor }: PictureInput): Promise<Float32Array> {
  const { features } = await runModel(model, {
    input: toTensor({ n: 1, c: 3, h: height, w: width, data: Float64Array.from(tensor()) }),
  });
  const [, channels = 0, h = 0, w = 0] = features!.dims;
  const chain = compileChain([{ stage: 'gem', p: 3, eps: 1e-6 }, { stage: 'l2' }], channels, {});
  return chain({ channels, height: h, width: w, data: features!.data }, undefined);
}

describe.skipIf(!here)('adaptation to photographs like those of the training', () => {
  it('keeps descriptors nearer to what they were than instance normalisation does', async () => {
    const manifest = firstManifest();
    const { pictures } = await pictureInputs(sources(32), manifest, imageLimitsSchema.parse({}));
    const first = readOnnx(readFileSync(FIRST.path));
    const { model: adapted } = await adaptToPictures(first, manifest, pictures, { method: 'batch' });
    const { model: instance } = bnToIn(first);
    const meanCosine = async (model: ModelProto) => {
      const seen = pictures.slice(0, 4);
      const pairs = seen.map(async (it) => dot(await describeWith(first, it), await describeWith(model, it)));
      return (await Promise.all(pairs)).reduce((sum, it) => sum + it, 0) / seen.length;
    };
    const kept = await meanCosine(adapted);
    expect(kept).toBeGreaterThan(0.75);
    expect(kept).toBeGreaterThan(await meanCosine(instance));
  });
});
