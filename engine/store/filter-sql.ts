import type { Filter, FilterOperators, FilterScalar } from './filter.js';

/**
 * A condition over rows of `images`, with its parameters in order. The SQL is made of constants only: every field name
 * and value travels as a parameter, as JSON text, so that SQLite decodes it exactly as it decodes the stored metadata.
 */
export interface SqlCondition {
  sql: string;
  parameters: (string | number)[];
}

/** @returns the filter (see filter.ts for its meaning) as SQL that is true or false, never null. */
export function compileFilter(filter: Filter): SqlCondition {
  const conditions = Object.entries(filter).flatMap(([key, value]): SqlCondition[] => {
    if (value === undefined) return [];
    if (key === '$and') return [joined('AND', (value as Filter[]).map(compileFilter))];
    if (key === '$or') return [joined('OR', (value as Filter[]).map(compileFilter))];
    if (key === '$not') return [not(compileFilter(value as Filter))];
    return compileField(key, value as FilterScalar | FilterOperators);
  });
  return conditions.length === 0 ? { sql: '1', parameters: [] } : joined('AND', conditions);
}

function compileField(field: string, condition: FilterScalar | FilterOperators): SqlCondition[] {
  const operators = typeof condition === 'object' && condition !== null ? condition : { eq: condition };
  return Object.entries(operators).map(([operator, value]) => compileOperator(pathOf(field), operator, value));
}

function compileOperator(path: string, operator: string, value: FilterOperators[keyof FilterOperators]): SqlCondition {
  switch (operator) {
    case 'eq':
      return anyValue(path, IS_LISTED, JSON.stringify([value]));
    case 'ne':
      return not(anyValue(path, IS_LISTED, JSON.stringify([value])));
    case 'in':
      return anyValue(path, IS_LISTED, JSON.stringify(value));
    case 'exists':
      return { sql: `json_type(images.metadata, ?) IS ${value === true ? 'NOT NULL' : 'NULL'}`, parameters: [path] };
    default:
      return anyValue(path, COMPARISONS[operator as keyof typeof COMPARISONS](typeof value), JSON.stringify([value]));
  }
}

/** In SQLite's path language a field may be a JSON string, which takes any character. */
function pathOf(field: string): string {
  return `$.${JSON.stringify(field)}`;
}

/** True if the field's value, or any element of its array, meets the test; json_each makes a scalar one element. */
function anyValue(path: string, test: string, operand: string): SqlCondition {
  return {
    sql: `(json_type(images.metadata, ?) IS NOT 'object' AND EXISTS (
      SELECT 1 FROM json_each(images.metadata, ?) AS field WHERE ${test}))`,
    parameters: [path, path, operand],
  };
}

/** Type and value together: booleans and nulls are told by their type alone (their atoms are 1, 0 and NULL). */
const IS_LISTED = `(CASE field.type WHEN 'integer' THEN 'real' ELSE field.type END, coalesce(field.atom, '')) IN (
  SELECT CASE type WHEN 'integer' THEN 'real' ELSE type END, coalesce(atom, '') FROM json_each(?))`;

const COMPARISONS = {
  lt: (type: string) => compared(type, '<'),
  lte: (type: string) => compared(type, '<='),
  gt: (type: string) => compared(type, '>'),
  gte: (type: string) => compared(type, '>='),
};

function compared(type: string, operator: '<' | '<=' | '>' | '>='): string {
  return type === 'number'
    ? `field.type IN ('integer', 'real') AND CAST(field.atom AS REAL) ${operator} (SELECT CAST(atom AS REAL) FROM json_each(?))`
    : `field.type = 'text' AND field.atom ${operator} (SELECT atom FROM json_each(?))`;
}

function joined(operator: 'AND' | 'OR', conditions: SqlCondition[]): SqlCondition {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(` ${operator} `)})`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function not({ sql, parameters }: SqlCondition): SqlCondition {
  return { sql: `NOT ${sql}`, parameters };
}
