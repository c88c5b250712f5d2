import type { Json } from '../../../engine/types.js';
import type { Plain } from '../filter/filter-rows.js';
import type { Shown } from './result-pages.js';

/** Another order than that of the answer: by the plain score, or by a metadata field, rising (`up`) or falling. */
export type Order = 'score' | `${'up' | 'down'}:${string}`;

const ORDER = /^(?:score|(?:up|down):.+)$/s;

/** @returns undefined for a text that names no order. */
export function parseOrder(text: string | null): Order | undefined {
  return text !== null && ORDER.test(text) ? (text as Order) : undefined;
}

/** The pictures in an order; equal ones stay as they were answered, and those without the field come last. */
export function inOrder(images: readonly Shown[], order: Order | undefined): readonly Shown[] {
  if (order === undefined) return images;
  if (order === 'score') return images.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const [direction, field] = order.split(/:(.*)/s) as ['up' | 'down', string];
  const sign = direction === 'up' ? 1 : -1;
  const having = images.flatMap((image) => {
    const value = image.metadata?.[field];
    return isOrdered(value) ? [{ image, value }] : [];
  });
  having.sort((a, b) => sign * compare(a.value, b.value));
  return [...having.map(({ image }) => image), ...images.filter(({ metadata }) => !isOrdered(metadata?.[field]))];
}

function isOrdered(value: Json | undefined): value is Plain {
  return value !== undefined && value !== null && typeof value !== 'object';
}

/** Numbers by size, texts as people sort them. */
function compare(a: Plain, b: Plain): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
