import { formatNumber, formatRange } from '../format-number.js';
import { escapeMarkup, linearScale, pixel, roundTicks, seriesClass } from './markup.js';

export interface Dot {
  mean: number;
  /** Ends of the whisker, if there is one. */
  range?: { low: number; high: number };
}

/** One line of the plot: a dot for each system, in the order of the systems. */
export interface DotRow {
  label: string;
  dots: readonly Dot[];
}

export interface DotPlotShape {
  title: string;
  width: number;
  labelWidth: number;
  /** Values the axis covers at least. */
  domain: readonly [number, number];
  systems: readonly string[];
}

const [TOP, BOTTOM, RIGHT] = [6, 24, 14];

/** Rows of dots on a common axis; with whiskers the systems of a row lie below each other, without them on one line. */
export function dotPlot(rows: readonly DotRow[], shape: DotPlotShape): string {
  const hasWhiskers = rows.some(({ dots }) => dots.some(({ range }) => range));
  const lanes = hasWhiskers ? shape.systems.length : 1;
  const rowHeight = 12 * lanes + 10;
  const height = TOP + rows.length * rowHeight + BOTTOM;
  const ticks = roundTicks(shape.domain[0], shape.domain[1], 6);
  const x = linearScale([ticks[0]!, ticks.at(-1)!], [shape.labelWidth, shape.width - RIGHT]);
  const body = rows.map((row, index) => {
    const middle = TOP + (index + 0.5) * rowHeight;
    const dots = row.dots.map((dot, system) => {
      const y = middle + (hasWhiskers ? 12 * (system - (lanes - 1) / 2) : 0);
      return drawDot(dot, x, y, system, `${row.label}, ${shape.systems[system]!}`);
    });
    return drawRowLabel(row.label, middle, shape.labelWidth) + dots.join('');
  });
  const bands = rows.map((_, index) =>
    index % 2 === 0 ? drawBand(TOP + index * rowHeight, rowHeight, shape.width) : '',
  );
  const title = escapeMarkup(shape.title);
  return `<svg viewBox="0 0 ${shape.width} ${height}" role="img" aria-label="${title}">${bands.join('')}${drawAxis(ticks, x, height)}${body.join('')}</svg>`;
}

function drawAxis(ticks: readonly number[], x: (value: number) => number, height: number): string {
  return ticks
    .map((tick) => {
      const at = pixel(x(tick));
      const line = tick === 0 ? 'axis' : 'gridline';
      return (
        `<line class="${line}" x1="${at}" x2="${at}" y1="${TOP}" y2="${height - BOTTOM}"/>` +
        `<text class="middle" x="${at}" y="${height - 7}">${String(tick).replace('-', '−')}</text>`
      );
    })
    .join('');
}

/** Every other row is shaded, so that the dots of a row are seen to belong together. */
function drawBand(top: number, height: number, width: number): string {
  return `<rect class="band" x="0" y="${pixel(top)}" width="${width}" height="${height}" rx="4"/>`;
}

function drawRowLabel(label: string, y: number, labelWidth: number): string {
  return `<text class="end strong" x="${labelWidth - 12}" y="${pixel(y + 4)}">${escapeMarkup(shorten(label))}</text>`;
}

function drawDot({ mean, range }: Dot, x: (value: number) => number, y: number, system: number, name: string): string {
  const at = pixel(y);
  const words = `${name}: ${formatNumber(mean)}${range ? ` ${formatRange({ mean, ...range })}` : ''}`;
  const whisker = range
    ? `<line class="whisker" x1="${pixel(x(range.low))}" x2="${pixel(x(range.high))}" y1="${at}" y2="${at}"/>`
    : '';
  const dot = `<circle class="dot" cx="${pixel(x(mean))}" cy="${at}" r="4.5"/>`;
  return `<g class="${seriesClass(system)}"><title>${escapeMarkup(words)}</title>${whisker}${dot}</g>`;
}

function shorten(label: string): string {
  return label.length > 22 ? `${label.slice(0, 21)}…` : label;
}
