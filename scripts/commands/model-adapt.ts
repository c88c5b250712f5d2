import { type Command, Option } from 'commander';
import { adaptToPictures, type AdaptOptions } from '../../engine/model/adapt-to-pictures.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { configOf } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { loadNetwork } from '../load-model.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import {
  PICTURE_FLAGS,
  readMeasuredPictures,
  withMeasuredPictures,
  type MeasuredPictures,
} from './measured-pictures.js';
import { withSites } from './site-options.js';

interface AdaptCommandOptions extends DerivedOptions, SiteSelection, MeasuredPictures {
  [key: string]: unknown;
  method: AdaptOptions['method'];
}

/** `likeness model adapt`: batch normalisation with the statistics of the user's own pictures. */
export function addModelAdapt(model: Command): void {
  withMeasuredPictures(withSites(withDerived(model.command('adapt'), PICTURE_FLAGS)))
    .description('give batch normalisation the statistics of your pictures (AdaBN); describe the gallery anew with it')
    .addOption(
      new Option('--method <method>', 'layers: exact, one run for each layer; batch: one run, by batches of 32')
        .choices(['layers', 'batch'])
        .default('layers'),
    )
    .action(adapt);
}

async function adapt(name: string, options: AdaptCommandOptions): Promise<void> {
  const parent = await loadNetwork(name, configOf(options).dataDir);
  await makeDerived(parent, options, 'adapted', async (network) => {
    const pictures = await readMeasuredPictures(parent.manifest, options);
    const line = new CounterLine('pictures run');
    const onProgress = (done: number, total: number) => line.show(done, total);
    const request = { method: options.method, ...pickDefined(options, ['stages', 'sites']), onProgress };
    const { model, provenance } = await adaptToPictures(network, parent.manifest, pictures, request);
    return { model, passes: [provenance] };
  });
}
