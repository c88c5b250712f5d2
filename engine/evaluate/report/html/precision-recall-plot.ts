import type { EvaluationReport } from '../report-schema.js';
import { escapeMarkup, linearScale, pixel, seriesClass } from './markup.js';

const [WIDTH, HEIGHT] = [1000, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 16, 12, 44];
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Mean interpolated precision over recall, one line a system, untouched queries. */
export function precisionRecallPlot({ systems }: EvaluationReport): string {
  const x = linearScale([0, 1], [LEFT, WIDTH - RIGHT]);
  const y = linearScale([0, 1], [HEIGHT - BOTTOM, TOP]);
  const curves = systems.map(({ name, runs }, system) => {
    const points = runs[0]!.curve.map(
      (value, level, { length }) => `${pixel(x(level / (length - 1)))},${pixel(y(value))}`,
    );
    return `<polyline class="curve ${seriesClass(system)}" points="${points.join(' ')}"><title>${escapeMarkup(name)}</title></polyline>`;
  });
  const rows = TICKS.map(
    (tick) =>
      `<line class="gridline" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${pixel(y(tick))}" y2="${pixel(y(tick))}"/>` +
      `<text class="end" x="${LEFT - 8}" y="${pixel(y(tick) + 4)}">${tick}</text>` +
      `<text class="middle" x="${pixel(x(tick))}" y="${HEIGHT - BOTTOM + 18}">${tick}</text>`,
  );
  const axes =
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>` +
    `<text class="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}">recall</text>` +
    `<text class="middle" transform="translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">precision</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Precision over recall">${rows.join('')}${axes}${curves.join('')}</svg>`;
}
