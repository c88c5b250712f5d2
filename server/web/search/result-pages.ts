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

/** The results of a search, page by page as they are asked for. @param queryId of a search of elsewhere */
export function resultPages(
  collection: string,
  spec: SearchSpec,
  queryId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ResultPage> {
  if (spec.items.length === 0) return browse(collection, spec, signal);
  const missing = spec.items.some(({ source }) => source.kind === 'picture' && heldPicture(source.value) === undefined);
  return search(collection, missing ? queryId : undefined, spec, signal);
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

async function* search(
  collection: string,
  queryId: string | undefined,
  spec: SearchSpec,
  signal: AbortSignal,
): AsyncGenerator<ResultPage> {
  const include = ['metadata', 'image'] as const;
  const again = (id: string, offset: number) =>
    api.searchAgain(collection, id, { k: PAGE, offset, include: [...include], signal });
  const first = async (): Promise<SearchResponse> => {
    const category = await predictsCategory(collection);
    return firstPage(collection, spec, { k: PAGE, include: [...include], ranking: ranking(spec), category, signal });
  };
  let answer = queryId === undefined ? await first() : await again(queryId, 0);
  for (let seen = 0; ;) {
    const next = queryId ?? answer.queryId;
    const last = answer.hits.length < PAGE || next === undefined;
    yield { images: answer.hits, answer, last };
    if (last) return;
    seen += answer.hits.length;
    answer = await again(next, seen);
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
  const picture = heldPicture(source.value);
  return { imageBase64: picture === undefined ? '' : await base64Of(picture.blob), ...rest };
}

function ranking({ diverse, group }: SearchSpec): RankingStage[] | undefined {
  const stages: RankingStage[] = [];
  if (diverse) stages.push({ stage: 'mmr', topN: 100, lambda: 0.5 });
  if (group !== undefined) stages.push({ stage: 'group', ...group, limit: 1 });
  return stages.length === 0 ? undefined : stages;
}
