import type { Json, Region } from '../../../engine/types.js';
import { parseOrder, type Order } from './order.js';

/** Where a query's picture comes from: one that this page holds, a stored image, an address, or a search of late. */
export type QuerySource = { kind: 'picture' | 'id' | 'url' | 'query'; value: string };

/** One thing to search by. */
export interface QueryItem {
  source: QuerySource;
  /** Part of the picture, in fractions. */
  region?: Region;
  /** Hits are to be like it, or unlike it. */
  wanted: boolean;
}

/** All that a search asks for. Without items, the collection is browsed. */
export interface SearchSpec {
  items: readonly QueryItem[];
  filter?: Json;
  diverse: boolean;
  /** Of pictures that have the same value of a metadata field, or that look the same, only the best is shown. */
  group?: Grouping;
  /** How what is loaded is ordered; the server knows nothing of it. */
  order?: Order;
}

export type Grouping = { field: string } | { by: 'duplicates' };

export const EMPTY_SPEC: SearchSpec = { items: [], diverse: false };

const ITEM = /^(?:(\d[\d.]*(?:,\d[\d.]*){3});)?(picture|id|url|query):(.+)$/s;
const DIGITS = 1e4;

/** The parameters of an address as a search; what cannot be read is left out. */
export function parseSpec(params: URLSearchParams): SearchSpec {
  const items = [...params].flatMap(([name, text]) => {
    if (name !== 'like' && name !== 'not') return [];
    return parseItem(text, name === 'like') ?? [];
  });
  const filter = parseJson(params.get('filter'));
  const group = parseGroup(params);
  const order = parseOrder(params.get('order'));
  return {
    items,
    diverse: params.has('diverse'),
    ...(filter === undefined ? {} : { filter }),
    ...(group === undefined ? {} : { group }),
    ...(order === undefined ? {} : { order }),
  };
}

/** The opposite of {@link parseSpec}. */
export function formatSpec({ items, filter, diverse, group, order }: SearchSpec): URLSearchParams {
  const params = new URLSearchParams();
  for (const item of items) params.append(item.wanted ? 'like' : 'not', formatItem(item));
  if (filter !== undefined) params.set('filter', JSON.stringify(filter));
  if (diverse) params.set('diverse', '1');
  if (group !== undefined) params.set(...groupParam(group));
  if (order !== undefined) params.set('order', order);
  return params;
}

function parseGroup(params: URLSearchParams): Grouping | undefined {
  const field = params.get('group');
  if (field !== null) return { field };
  return params.has('once') ? { by: 'duplicates' } : undefined;
}

function groupParam(group: Grouping): [string, string] {
  return 'field' in group ? ['group', group.field] : ['once', '1'];
}

function parseItem(text: string, wanted: boolean): QueryItem | undefined {
  const [, box, kind, value] = ITEM.exec(text) ?? [];
  if (kind === undefined || value === undefined) return undefined;
  const source = { kind: kind as QuerySource['kind'], value };
  if (box === undefined) return { source, wanted };
  const [x = 0, y = 0, width = 1, height = 1] = box.split(',').map(Number);
  return { source, wanted, region: { x, y, width, height } };
}

function formatItem({ source, region }: QueryItem): string {
  const place = region && [region.x, region.y, region.width, region.height].map(short).join(',');
  return `${place === undefined ? '' : `${place};`}${source.kind}:${source.value}`;
}

function short(fraction: number): number {
  return Math.round(fraction * DIGITS) / DIGITS;
}

function parseJson(text: string | null): Json | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
