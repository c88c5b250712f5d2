import { type Command, InvalidArgumentError } from 'commander';
import { conditionByDomains, type Domain } from '../../engine/model/condition-by-domains.js';
import type { SiteSelection } from '../../engine/model/passes/pass.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { configOf } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { loadNetwork } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { makeDerived, withDerived, type DerivedOptions } from './derived-model.js';
import { PICTURE_FLAGS, readMeasuredPictures } from './measured-pictures.js';
import { withSites } from './site-options.js';

interface NamedFolder {
  name: string;
  folder: string;
}

interface ConditionalOptions extends DerivedOptions, SiteSelection {
  domain: NamedFolder[];
  count: number;
}

/** `likeness model conditional`: statistics of batch normalisation for each domain, picked by the query. */
export function addModelConditional(model: Command): void {
  withSites(withDerived(model.command('conditional'), PICTURE_FLAGS))
    .description('give batch normalisation statistics for each domain; a search picks one: --inputs {"condition":[1]}')
    .requiredOption('--domain <name=folder>', 'a domain and pictures of it; give two or more', addDomain)
    .option('--count <pictures>', 'at most so many of each, evenly spread over all', parseInteger(1, 10_000), 256)
    .action(conditional);
}

async function conditional(name: string, options: ConditionalOptions): Promise<void> {
  const parent = await loadNetwork(name, configOf(options).dataDir);
  await makeDerived(parent, options, 'conditional', async (network) => {
    const domains: Domain[] = [];
    for (const { name: domain, folder } of options.domain) {
      const pictures = await readMeasuredPictures(parent.manifest, { ...options, images: folder });
      domains.push({ name: domain, pictures });
    }
    const line = new CounterLine('pictures run');
    const onProgress = (done: number, total: number) => line.show(done, total);
    const request = { method: 'layers' as const, ...pickDefined(options, ['stages', 'sites']), onProgress };
    const { model, provenance } = await conditionByDomains(network, parent.manifest, domains, request);
    // the first domain is that of the gallery, unless a query says otherwise
    return { model, passes: [provenance], inputs: Object.fromEntries(provenance.inputs.map((input) => [input, [0]])) };
  });
}

function addDomain(text: string, before: NamedFolder[] = []): NamedFolder[] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`expected NAME=FOLDER, got ${text}`);
  return [...before, { name: text.slice(0, at), folder: text.slice(at + 1) }];
}
