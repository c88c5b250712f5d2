import type { RankingStage } from '../../../engine/ranking/ranking-stage.js';
import type { Hit } from '../../../engine/types.js';
import type { SearchOptionsInput } from '../../../client/likeness-client.js';
import type { QueryInput, SearchResponse } from '../../../server/schemas.js';
import { api } from '../state/api.js';
import { predictsCategory } from '../state/categories.js';
import { base64Of, heldPicture } from './held-pictures.js';
import type { QueryItem, SearchSpec } from './search-spec.js';

/** A picture of a result; without a score where the collection is only browsed. */
export type Shown = Pick<Hit, 'id' | 'image' | 'metadata'> & Partial<Hit>;

export interface ResultPage {
  images: Shown[];
  /** There are no more after it. */
  last: boolean;
  answer?: SearchResponse;
}

const PAGE = 60;

/** The results of a search, page by page as they are asked for. */
export function resultPages(collection: string, spec: SearchSpec, signal: AbortSignal): AsyncGenerator<ResultPage> {
  return spec.items.length === 0 ? browse(collection, spec, signal) : search(collection, spec, signal);
}

async function* browse(collection: string, { filter }: SearchSpec, signal: AbortSignal): AsyncGenerator<ResultPage> {
  let images: Shown[] = [];
  const records = api.list(collection, { pageSize: PAGE, signal, ...(filter === undefined ? {} : { filter }) });
  for await (const { id, ...image } of records) {
    images.push({ id, image, metadata: image.metadata });
    if (images.length < PAGE) continue;
    yield { images, last: false };
    images = [];
  }
  yield { images, last: true };
}

async function* search(collection: string, spec: SearchSpec, signal: AbortSignal): AsyncGenerator<ResultPage> {
  const page = { k: PAGE, include: ['metadata', 'image'] as ('metadata' | 'image')[], signal };
  const category = await predictsCategory(collection);
  let answer = await firstPage(collection, spec, { ...page, ranking: ranking(spec), category });
  for (let seen = 0; ;) {
    const { queryId } = answer;
    const last = answer.hits.length < PAGE || queryId === undefined;
    yield { images: answer.hits, answer, last };
    if (last) return;
    seen += answer.hits.length;
    answer = await api.searchAgain(collection, queryId, { ...page, offset: seen });
  }
}

async function firstPage(
  collection: string,
  { items, filter }: SearchSpec,
  given: SearchOptionsInput,
): Promise<SearchResponse> {
  const options = filter === undefined ? given : { ...given, filter };
  const [only] = items;
  const picture = items.length === 1 && only?.source.kind === 'picture' ? heldPicture(only.source.value) : undefined;
  // alone, a picture goes as it is, which is a third less than in base64
  if (picture !== undefined && only?.wanted === true) {
    const { region } = only;
    return api.search(collection, { images: [picture.blob] }, region === undefined ? options : { ...options, region });
  }
  return api.search(collection, { queries: await Promise.all(items.map(toQuery)) }, options);
}

async function toQuery({ source, region, wanted }: QueryItem): Promise<QueryInput> {
  const rest = { ...(region === undefined ? {} : { region }), ...(wanted ? {} : { weight: -1 }) };
  if (source.kind === 'id') return { id: source.value, ...rest };
  if (source.kind === 'url') return { imageUrl: source.value, ...rest };
  if (source.kind === 'query') return { queryId: source.value, ...rest };
  const picture = heldPicture(source.value);
  return { imageBase64: picture === undefined ? '' : await base64Of(picture.blob), ...rest };
}

function ranking({ diverse, group }: SearchSpec): RankingStage[] | undefined {
  const stages: RankingStage[] = [];
  if (diverse) stages.push({ stage: 'mmr', topN: 100, lambda: 0.5 });
  if (group !== undefined) stages.push({ stage: 'group', ...group, limit: 1 });
  return stages.length === 0 ? undefined : stages;
}
