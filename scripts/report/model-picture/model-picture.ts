import { escapeMarkup } from '../../../engine/evaluate/report/html/markup.js';
import type { ModelReport, StageReport } from '../../../engine/model/inspect-model.js';
import { shortNumber } from '../short-number.js';
import { columnsOf, type Column } from './columns.js';
import { BLOCK_DEFINITIONS, BLOCK_WIDTH, SPINE_X, blockHeight, drawBlock } from './draw-block.js';
import { NORM_STYLE } from './norm-style.js';

const MARGIN = 28;
const COLUMN_STEP = BLOCK_WIDTH + 34;
const HEAD_HEIGHT = 104;
const STAGE_HEIGHT = 58;
const GAP = 12;

const STYLE = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1d2733; }
  .title { font-size: 20px; font-weight: 650; } .stage { font-size: 14px; font-weight: 650; }
  .small { font-size: 11px; fill: #5a6675; } .norm { font-size: 11px; font-weight: 600; fill: #fff; }
  .ground { fill: #fff; } .card { fill: #f5f7fa; stroke: #d9dfe7; } .wire { fill: none; stroke: #b6c0cc; stroke-width: 1.5; }
  .conv { fill: #e8ecf1; } .grouped { stroke: #9aa6b4; stroke-dasharray: 3 2; }
  .sum { fill: #fff; stroke: #7b8794; stroke-width: 1.5; } .plus { stroke: #5a6675; stroke-width: 1.5; }`;

/**
 * Draws a network's stages as columns and its residual blocks as cards, with the norm of each site in the colour of its
 * kind. @returns a self-contained SVG.
 */
export function modelPicture(name: string, report: ModelReport): string {
  const columns = columnsOf(report);
  const width = Math.max(2 * MARGIN + columns.length * COLUMN_STEP - (COLUMN_STEP - BLOCK_WIDTH), 640);
  const height = HEAD_HEIGHT + STAGE_HEIGHT + Math.max(0, ...columns.map(columnHeight)) + MARGIN;
  const drawn = columns.map((column, i) => {
    const stage = report.stages.find((it) => it.stage === column.stage);
    return `<g transform="translate(${MARGIN + i * COLUMN_STEP} ${HEAD_HEIGHT})">${drawColumn(column, stage, i > 0)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Normalisation of ${escapeMarkup(name)}</title>
<style>${STYLE}
</style>
<defs>${BLOCK_DEFINITIONS}</defs>
<rect class="ground" width="${width}" height="${height}"/>
${drawHead(name, report)}
${drawn.join('\n')}
</svg>
`;
}

function drawHead(name: string, report: ModelReport): string {
  const { parameters, macs, sidePx, sites } = report;
  const facts = `${shortNumber(parameters)} parameters, ${shortNumber(macs)} multiply-accumulates at ${sidePx} px, ${sites.length} sites`;
  return (
    `<text class="title" x="${MARGIN}" y="36">${escapeMarkup(name)}</text>` +
    `<text class="small" x="${MARGIN}" y="56">${facts}</text>` +
    `<g transform="translate(${MARGIN} 70)">${drawLegend(report)}</g>`
  );
}

/** The kinds that the network has, with their number. */
function drawLegend({ sites }: ModelReport): string {
  let x = 0;
  return Object.entries(NORM_STYLE)
    .map(([kind, style]) => ({ style, count: sites.filter((site) => site.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ style, count }) => {
      const text = `${style.short}: ${style.name}, ${count}`;
      const item =
        `<rect x="${x}" width="14" height="14" rx="4" fill="${style.colour}"/>` +
        `<text x="${x + 20}" y="11">${escapeMarkup(text)}</text>`;
      x += 44 + text.length * 6.4;
      return item;
    })
    .join('');
}

function drawColumn({ stage, blocks }: Column, report: StageReport | undefined, follows: boolean): string {
  const title =
    typeof stage === 'number' ? `Stage ${stage}, stride ${2 ** (stage + 1)}` : stage === 'stem' ? 'Stem' : 'Head';
  const facts =
    report === undefined ? '' : `${shortNumber(report.macs)} MACs, ${shortNumber(report.parameters)} parameters`;
  let y = STAGE_HEIGHT;
  const drawn = blocks.map((block, i) => {
    const wire = i === 0 ? '' : `<path class="wire" d="M${SPINE_X} ${y - GAP}v${GAP}"/>`;
    const one = `${wire}<g transform="translate(0 ${y})">${drawBlock(block)}</g>`;
    y += blockHeight(block) + GAP;
    return one;
  });
  return (
    (follows ? `<path class="wire" d="M-26 10h14m-5-5l5 5l-5 5"/>` : '') +
    `<text class="stage" y="15">${title}</text><text class="small" y="33">${facts}</text>${drawn.join('')}`
  );
}

function columnHeight({ blocks }: Column): number {
  return blocks.reduce((sum, block) => sum + blockHeight(block) + GAP, 0);
}
