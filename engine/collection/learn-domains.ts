import { DOMAIN_MEANS, type DomainMeans, type DomainsReport } from '../category/domain-means.js';
import type { GroupedRows } from '../category/group-means.js';
import { labelOf, type Label } from '../category/label.js';
import { meansByGroup } from '../category/means-thread.js';
import { LikenessError } from '../errors.js';
import type { Epoch } from './epoch.js';
import type { EpochHolder } from './epoch-holder.js';
import type { JobContext } from './jobs.js';

const PAGE_IMAGES = 1000;
/** More values of a field than this are no domains. */
const MAX_DOMAINS = 100;

export interface LearnDomainsOptions extends Partial<JobContext> {
  /** Metadata field of the domain; default: the collection's domainField. */
  field?: string | undefined;
}

/**
 * Learns the mean descriptor of each domain of a collection, and keeps them in place of those before.
 * @throws `invalid_request` without a field, or for a field with no label or more than 100
 */
export async function learnDomains(collection: EpochHolder, options: LearnDomainsOptions): Promise<DomainsReport> {
  const { epoch } = collection;
  const release = epoch.hold();
  try {
    const field = options.field ?? epoch.config.domainField;
    if (field === undefined)
      throw new LikenessError('invalid_request', 'expected a field, as the collection has no domainField, got none');
    const learned = await learn(epoch, field, options);
    await epoch.learned.write(DOMAIN_MEANS, learned);
    return learned.report;
  } finally {
    release();
  }
}

async function learn(epoch: Epoch, field: string, options: LearnDomainsOptions): Promise<DomainMeans> {
  const { sequence } = await epoch.store.info();
  const domains = new Map<Label, number>();
  const groups = await meansByGroup(epoch.model.manifest.dimension, labelledPages(epoch, field, domains, options));
  if (groups.length === 0)
    throw new LikenessError(
      'invalid_request',
      `expected images with a domain in field ${JSON.stringify(field)}, got none`,
    );
  return {
    report: {
      field,
      domains: [...domains].map(([domain, group]) => ({ domain, images: groups[group]!.count })),
      sequence,
      learnedAt: new Date().toISOString(),
    },
    means: groups.map(({ mean }) => mean),
  };
}

/** @param domains takes the number of each domain as it is first met */
async function* labelledPages(
  { store, model }: Epoch,
  field: string,
  domains: Map<Label, number>,
  { signal, onProgress }: LearnDomainsOptions,
): AsyncGenerator<GroupedRows> {
  const { dimension } = model.manifest;
  const { images } = await store.info();
  let done = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    signal?.throwIfAborted();
    const page = await store.imagePage(after, PAGE_IMAGES);
    const labels = page.records.map(({ metadata }) => labelOf(metadata, field));
    const rows = labels.flatMap((label, row) =>
      label === undefined ? [] : [{ row, group: numberOf(label, domains) }],
    );
    const vectors = new Float32Array(rows.length * dimension);
    rows.forEach(({ row }, i) =>
      vectors.set(page.vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension),
    );
    yield { vectors, groups: Uint32Array.from(rows, ({ group }) => group) };
    onProgress?.((done += page.records.length), images);
    after = page.next;
  }
}

function numberOf(label: Label, domains: Map<Label, number>): number {
  const group = domains.get(label) ?? domains.size;
  if (group >= MAX_DOMAINS)
    throw new LikenessError('invalid_request', `expected at most ${MAX_DOMAINS} domains, got more`);
  domains.set(label, group);
  return group;
}
