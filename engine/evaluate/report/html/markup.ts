/** @returns the text made safe inside HTML or SVG, in attributes too. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Maps a range of values onto a range of pixels. */
export function linearScale(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const factor = from[1] === from[0] ? 0 : (to[1] - to[0]) / (from[1] - from[0]);
  return (value) => to[0] + (value - from[0]) * factor;
}

/** @returns round values that cover low..high, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** @returns a coordinate with a tenth of a pixel, which is all that can be seen. */
export function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** CSS class of the nth system's colour; after eight they repeat. */
export function seriesClass(system: number): string {
  return `series-${system % 8}`;
}
