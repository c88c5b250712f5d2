import type { Command } from 'commander';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { unfoldByPictures } from '../../engine/model/unfold-by-pictures.js';
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

interface UnfoldOptions extends DerivedOptions, SiteSelection, MeasuredPictures {
  [key: string]: unknown;
}

/** `likeness model unfold`: batch normalisation that an export folded away, back in the open. */
export function addModelUnfold(model: Command): void {
  withMeasuredPictures(withSites(withDerived(model.command('unfold'), PICTURE_FLAGS)))
    .description('put batch normalisation behind convolutions it was folded into; descriptors stay but for rounding')
    .action(unfold);
}

async function unfold(name: string, options: UnfoldOptions): Promise<void> {
  const parent = await loadNetwork(name, configOf(options).dataDir);
  await makeDerived(parent, options, 'unfolded', async (network) => {
    const pictures = await readMeasuredPictures(parent.manifest, options);
    const line = new CounterLine('pictures run');
    const onProgress = (done: number, total: number) => line.show(done, total);
    const request = { ...pickDefined(options, ['stages', 'sites']), onProgress };
    const { model, provenance } = await unfoldByPictures(network, parent.manifest, pictures, request);
    return { model, passes: [provenance] };
  });
}
