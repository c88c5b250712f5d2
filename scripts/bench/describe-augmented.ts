/**
 * Describes every picture of a folder, whole and as random crops, and writes the descriptors as
 * little-endian float32: real input for index-recall.js, with the near-duplicates that catalogues have.
 *
 *     node dist/scripts/bench/describe-augmented.js --images FOLDER --out descriptors.f32 [--views 3] [--model default] [--size 128]
 */
import { open, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { Region } from '../../engine/types.js';
import { readFolder } from '../indexing/folder.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    out: { type: 'string' },
    views: { type: 'string', default: '3' },
    model: { type: 'string', default: 'default' },
    /** Pixels of the short side, in place of the model's: less is quicker. */
    size: { type: 'string' },
  },
});
if (values.images === undefined || values.out === undefined) throw new Error('expected --images FOLDER and --out FILE');

const limits = imageLimitsSchema.parse({});
const model = await new ModelRegistry('unused').load(values.model);
const preprocess = {
  ...model.manifest.preprocess,
  ...(values.size === undefined ? {} : { size: Number(values.size) }),
};
const extractor = new Extractor();
const out = await open(values.out, 'w');

/** A crop of 60 to 100 % of each side; the same for the same picture and view. */
function cropOf(picture: number, view: number): Region {
  const at = (salt: number) => ((picture * 7919 + view * 104_729 + salt * 1_299_709) % 1000) / 1000;
  const side = 0.6 + 0.4 * at(1);
  return { x: at(2) * (1 - side), y: at(3) * (1 - side), width: side, height: side };
}

async function describeView(bytes: Uint8Array, picture: number, view: number): Promise<void> {
  const region = view === 0 ? {} : { region: cropOf(picture, view) };
  const { pixels } = await decodeImage(bytes, { limits, preprocess, ...region });
  const { descriptor } = await extractor.describe(model.directory, pixels);
  await out.appendFile(new Uint8Array(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength));
}

const items = (await readFolder(values.images)).flatMap((item) => (item.op === 'add' ? [item.path] : []));
const queue = items.entries();
let failed = 0;
const worker = async () => {
  for (const [picture, path] of queue) {
    const bytes = await readFile(path);
    for (let view = 0; view < Number(values.views); view++)
      await describeView(bytes, picture, view).catch(() => (failed += 1));
  }
};
await Promise.all(Array.from({ length: extractor.stats.threads * 3 + 2 }, worker));
await out.close();
await extractor.close();
console.log(
  `${items.length} pictures, ${values.views} views each, ${failed} views failed, dimension ${model.manifest.dimension}`,
);
