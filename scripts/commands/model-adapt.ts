import { type Command, Option } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import { adaptToPictures, type AdaptOptions, type PictureInput } from '../../engine/model/adapt-to-pictures.js';
import type { LoadedManifest } from '../../engine/model/model-folder.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { pictureInputs } from '../../engine/picture-inputs.js';
import { configOf, imageLimitsOf } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { withPictureSources } from '../indexing/picture-sources.js';
import { loadModel } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import { withSites } from './site-options.js';

interface AdaptCommandOptions extends DerivedOptions, SiteSelection {
  images?: string;
  collection?: string;
  count: number;
  method: AdaptOptions['method'];
}

/** `likeness model adapt`: batch normalisation with the statistics of the user's own pictures. */
export function addModelAdapt(model: Command): void {
  const flags = ['maxImageBytes', 'maxImagePixels', 'decodeTimeoutMs'];
  withSites(withDerived(model.command('adapt'), flags))
    .description('give batch normalisation the statistics of your pictures (AdaBN); describe the gallery anew with it')
    .option('--images <folder>', 'pictures to take them from')
    .option('-c, --collection <name>', 'or the pictures of a collection')
    .option('--count <pictures>', 'at most so many, evenly spread over all', parseInteger(1, 10_000), 256)
    .addOption(
      new Option('--method <method>', 'layers: exact, one run for each layer; batch: one run, by batches of 32')
        .choices(['layers', 'batch'])
        .default('layers'),
    )
    .action(adapt);
}

async function adapt(name: string, options: AdaptCommandOptions): Promise<void> {
  const parent = await loadModel(name, configOf(options).dataDir);
  const { manifest } = parent;
  await makeDerived(parent, options, 'adapted', async (network) => {
    const pictures = await readPictures(parent, options);
    const line = new CounterLine('pictures run');
    const onProgress = (done: number, total: number) => line.show(done, total);
    const request = { method: options.method, ...pickDefined(options, ['stages', 'sites']), onProgress };
    const { model, provenance } = await adaptToPictures(network, manifest, pictures, request);
    return { model, passes: [provenance] };
  });
}

async function readPictures({ manifest }: LoadedManifest, options: AdaptCommandOptions): Promise<PictureInput[]> {
  const line = new CounterLine('pictures decoded');
  const onPicture = (done: number, total: number) => line.show(done, total);
  const { pictures, skipped } = await withPictureSources(options, (sources) =>
    pictureInputs(evenlySpread(sources, options.count), manifest, imageLimitsOf(options), onPicture),
  );
  for (const { id, error } of skipped) process.stderr.write(`skipped ${id} [${error.code}]: ${error.message}\n`);
  if (pictures.length > 0) return pictures;
  throw new LikenessError('invalid_request', 'expected at least one picture that can be decoded, got none');
}

function evenlySpread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
