const UNITS = [
  { from: 1e9, unit: ' G' },
  { from: 1e6, unit: ' M' },
  { from: 1e3, unit: ' k' },
];

/** @returns a count in three digits, such as `2.94 M`. */
export function shortNumber(count: number): string {
  const { from, unit } = UNITS.find((it) => count >= it.from) ?? { from: 1, unit: '' };
  return `${Number((count / from).toPrecision(3))}${unit}`;
}
