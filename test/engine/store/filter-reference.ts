import type { Filter, FilterOperators, FilterScalar } from '../../../engine/store/filter.js';

/** The filter language once more, plainly, over a value in memory: what the SQL is tested against. */
export function matches(filter: Filter, metadata: Record<string, unknown>): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === '$and') return (value as Filter[]).every((part) => matches(part, metadata));
    if (key === '$or') return (value as Filter[]).some((part) => matches(part, metadata));
    if (key === '$not') return !matches(value as Filter, metadata);
    const operators = typeof value === 'object' && value !== null ? (value as FilterOperators) : { eq: value };
    return Object.entries(operators).every(([operator, operand]) => holds(metadata, key, operator, operand));
  });
}

function holds(metadata: Record<string, unknown>, field: string, operator: string, operand: unknown): boolean {
  const isPresent = Object.hasOwn(metadata, field);
  if (operator === 'exists') return isPresent === operand;
  const stored = isPresent ? metadata[field] : [];
  const values: unknown[] = Array.isArray(stored) ? stored : [stored];
  const isEqual = (value: unknown) => (operand as FilterScalar) === value;
  switch (operator) {
    case 'eq':
      return values.some(isEqual);
    case 'ne':
      return !values.some(isEqual);
    case 'in':
      return values.some((value) => (operand as unknown[]).includes(value));
    default:
      return values.some(
        (value) =>
          typeof value === typeof operand && isOrdered(value as string | number, operator, operand as string | number),
      );
  }
}

function isOrdered(value: string | number, operator: string, operand: string | number): boolean {
  const order = typeof value === 'number' ? value - Number(operand) : compareCodePoints(value, String(operand));
  return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[operator]!;
}

function compareCodePoints(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const at = x.findIndex((character, i) => character !== y[i]);
  if (at < 0) return x.length - y.length;
  return y[at] === undefined ? 1 : x[at]!.codePointAt(0)! - y[at].codePointAt(0)!;
}
