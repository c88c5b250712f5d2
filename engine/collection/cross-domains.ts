import type { AcrossAnswer, AcrossRequest } from '../category/across-request.js';
import { DOMAIN_MEANS, domainMeansSchema, withoutMean } from '../category/domain-means.js';
import type { Label } from '../category/label.js';
import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { Filter } from '../store/filter.js';
import type { Epoch } from './epoch.js';
import type { SearchRequest } from './run-search.js';

/** What a search goes on with. */
interface Crossed {
  vector: Float32Array;
  filter?: Filter;
  across?: AcrossAnswer;
}

/**
 * Moves a query from its domain to another: the filter keeps to images of the other, and the query loses the mean of its
 * own, where that was learned. Without `across` everything stays as it is.
 * @throws `invalid_request` if no field is known
 */
export async function crossDomains(
  epoch: Epoch,
  vector: Float32Array,
  { across, filter }: Pick<SearchRequest, 'across' | 'filter'>,
): Promise<Crossed> {
  if (across === undefined) return { vector, ...pickDefined({ filter }, ['filter']) };
  const field = across.field ?? epoch.config.domainField;
  if (field === undefined)
    throw new LikenessError('invalid_request', 'across: expected a field, as the collection has no domainField');
  const { from, to } = across;
  const mean = await meanOf(epoch, field, across);
  const kept: Filter = { [field]: to };
  return {
    vector: mean === undefined ? vector : withoutMean(vector, mean),
    filter: filter === undefined ? kept : { $and: [filter, kept] },
    across: { field, from, to, meanRemoved: mean !== undefined },
  };
}

async function meanOf({ learned }: Epoch, field: string, across: AcrossRequest): Promise<number[] | undefined> {
  if (!across.removeMean) return undefined;
  const known = await learned.read(DOMAIN_MEANS, domainMeansSchema);
  if (known?.report.field !== field) return undefined;
  const isAsked = ({ domain }: { domain: Label }) => domain === across.from;
  return known.means[known.report.domains.findIndex(isAsked)];
}
