import type { ModelReport, SiteConvolution, SiteReport } from '../../../engine/model/inspect-model.js';

/** A convolution and the norm behind it; two norms where each takes a part of its channels. */
export interface Layer {
  conv: SiteConvolution | undefined;
  norms: SiteReport[];
}

/** A residual block, or (number 0) what lies between two. */
export interface Block {
  number: number;
  body: Layer[];
  shortcut: Layer[];
  /** Behind the addition. */
  after: Layer[];
}

/** A stage from top to bottom. */
export interface Column {
  stage: SiteReport['stage'] | 'head';
  blocks: Block[];
}

/** @returns the sites of a network in the order in which they are drawn: by stage, by block, by way, by convolution. */
export function columnsOf({ sites }: ModelReport): Column[] {
  const columns: Column[] = [];
  for (const site of sites) {
    const column = findOrAdd(columns, ({ stage }) => stage === (site.stage ?? 'head'), {
      stage: site.stage ?? 'head',
      blocks: [],
    });
    addToBlock(blockFor(column, site), site);
  }
  return columns;
}

/** Sites outside of residual blocks join those before them, until a block comes between. */
function blockFor({ blocks }: Column, { block }: SiteReport): Block {
  const number = block?.number ?? 0;
  const candidates = number === 0 ? blocks.slice(-1) : blocks;
  const found = candidates.find((it) => it.number === number);
  if (found !== undefined) return found;
  const added: Block = { number, body: [], shortcut: [], after: [] };
  blocks.push(added);
  return added;
}

function addToBlock(block: Block, site: SiteReport): void {
  const layers = block[site.block?.way ?? 'body'];
  const sharesConv = (layer: Layer) => site.partOf !== undefined && layer.conv?.name === site.conv?.name;
  findOrAdd(layers, sharesConv, { conv: site.conv, norms: [] }).norms.push(site);
}

function findOrAdd<T>(list: T[], fits: (item: T) => boolean, otherwise: T): T {
  const found = list.find(fits);
  if (found !== undefined) return found;
  list.push(otherwise);
  return otherwise;
}
