import type { Json } from '../../../engine/types.js';

export type Plain = string | number | boolean;

/** One condition as the page offers them: one of some values, or a range of numbers. */
export type FilterRow =
  | { field: string; kind: 'values'; values: readonly Plain[] }
  | { field: string; kind: 'range'; min?: number; max?: number };

/** @returns the filter that holds where every row does; undefined where nothing is asked. */
export function toFilter(rows: readonly FilterRow[]): Json | undefined {
  const conditions = rows.flatMap((row): [string, Json][] => {
    const condition = toCondition(row);
    return condition === undefined ? [] : [[row.field, condition]];
  });
  return conditions.length === 0 ? undefined : Object.fromEntries(conditions);
}

/** The opposite of {@link toFilter}. @returns undefined for a filter that the page could not have made */
export function toRows(filter: Json | undefined): FilterRow[] | undefined {
  if (filter === undefined) return [];
  if (filter === null || typeof filter !== 'object' || Array.isArray(filter)) return undefined;
  const rows = Object.entries(filter).map(([field, condition]) => toRow(field, condition));
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

/** @returns the rows with the one of this field replaced, or left out if it asks for nothing. */
export function withRow(rows: readonly FilterRow[], row: FilterRow): FilterRow[] {
  const others = rows.filter(({ field }) => field !== row.field);
  return toCondition(row) === undefined ? others : [...others, row];
}

function toCondition(row: FilterRow): Json | undefined {
  if (row.kind === 'values') {
    const [only] = row.values;
    if (only === undefined) return undefined;
    return row.values.length === 1 ? only : { in: [...row.values] };
  }
  const { min, max } = row;
  if (min === undefined && max === undefined) return undefined;
  return { ...(min === undefined ? {} : { gte: min }), ...(max === undefined ? {} : { lte: max }) };
}

function toRow(field: string, condition: Json): FilterRow | undefined {
  if (field.startsWith('$')) return undefined;
  if (isPlain(condition)) return { field, kind: 'values', values: [condition] };
  if (condition === null || typeof condition !== 'object' || Array.isArray(condition)) return undefined;
  const { in: listed, gte: min, lte: max, ...others } = condition;
  if (Object.keys(others).length > 0) return undefined;
  if (listed !== undefined) return valuesRow(field, listed, min ?? max);
  if (!isBound(min) || !isBound(max)) return undefined;
  return { field, kind: 'range', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function valuesRow(field: string, listed: Json, beside: Json | undefined): FilterRow | undefined {
  if (!Array.isArray(listed) || beside !== undefined || !listed.every(isPlain)) return undefined;
  return { field, kind: 'values', values: listed };
}

function isPlain(value: Json): value is Plain {
  return value !== null && typeof value !== 'object';
}

function isBound(value: Json | undefined): value is number | undefined {
  return value === undefined || typeof value === 'number';
}
