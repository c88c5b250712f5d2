import type { Interval } from '../bootstrap.js';

/** @returns three decimals with a true minus sign: 0.175, −0.012. */
export function formatNumber(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** @returns `[0.169, 0.182]`. */
export function formatRange({ low, high }: Interval): string {
  return `[${formatNumber(low)}, ${formatNumber(high)}]`;
}

/** @returns whether the interval leaves out 0: a difference that the queries support. */
export function isSupported({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}

/** @returns `95 %`. */
export function formatShare(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
}
