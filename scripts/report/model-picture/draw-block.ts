import { escapeMarkup } from '../../../engine/evaluate/report/html/markup.js';
import type { SiteReport } from '../../../engine/model/inspect-model.js';
import type { Block, Layer } from './columns.js';
import { NORM_STYLE } from './norm-style.js';

/** All lengths are pixels of the picture. */
const LAYER_HEIGHT = 34;
const PILL_HEIGHT = 24;
const PADDING = 10;
const CONV = { x: PADDING, width: 46 };
const NORM = { x: CONV.x + CONV.width + 6, width: 100 };
const ACTIVATION_X = NORM.x + NORM.width + 6;
/** The shortcut runs down here. */
const LANE_X = 226;
/** Where the network runs down through layers and additions. */
export const SPINE_X = NORM.x + NORM.width / 2;
export const BLOCK_WIDTH = 246;
const SUM_HEIGHT = 26;
const LANE_PILL = { width: 18, height: 58 };

export function blockHeight(block: Block): number {
  const layers = block.body.length + block.after.length;
  return layers * LAYER_HEIGHT + (block.number > 0 ? SUM_HEIGHT + 2 * PADDING : 0);
}

/** @returns SVG of a block whose upper left corner is the origin. */
export function drawBlock(block: Block): string {
  const top = block.number > 0 ? PADDING : 0;
  const sumY = top + block.body.length * LAYER_HEIGHT + SUM_HEIGHT / 2;
  const afterY = sumY + SUM_HEIGHT / 2;
  const height = blockHeight(block);
  return [
    block.number > 0 ? `<rect class="card" width="${BLOCK_WIDTH}" height="${height}" rx="10"/>` : '',
    `<path class="wire" d="M${SPINE_X} 0V${height}"/>`,
    ...block.body.map((layer, i) => drawLayer(layer, top + i * LAYER_HEIGHT)),
    block.number > 0 ? drawShortcut(block.shortcut, sumY) : '',
    ...block.after.map((layer, i) => drawLayer(layer, afterY + i * LAYER_HEIGHT)),
  ].join('');
}

function drawLayer({ conv, norms }: Layer, y: number): string {
  const top = y + (LAYER_HEIGHT - PILL_HEIGHT) / 2;
  const middle = y + LAYER_HEIGHT / 2 + 4;
  const activation = norms.at(-1)?.activation;
  return [
    conv === undefined ? '' : drawConvolution(conv, top, middle),
    drawNorms(norms, top),
    activation === undefined
      ? ''
      : `<text class="small" x="${ACTIVATION_X}" y="${middle}">${escapeMarkup(activation)}</text>`,
  ].join('');
}

function drawConvolution(conv: NonNullable<Layer['conv']>, top: number, middle: number): string {
  const kernel = conv.kernel?.join('×') ?? conv.operator;
  const stride = conv.stride > 1 ? ` /${conv.stride}` : '';
  const look = conv.groups > 1 ? 'conv grouped' : 'conv';
  const title = `${conv.operator} ${conv.name}, ${conv.groups} group${conv.groups === 1 ? '' : 's'}`;
  return (
    `<g><title>${escapeMarkup(title)}</title>` +
    `<rect class="${look}" x="${CONV.x}" y="${top}" width="${CONV.width}" height="${PILL_HEIGHT}" rx="5"/>` +
    `<text class="small" x="${CONV.x + CONV.width / 2}" y="${middle}" text-anchor="middle">${escapeMarkup(kernel)}${stride}</text></g>`
  );
}

/** One pill, shared by the parts of a split norm in proportion to their channels. */
function drawNorms(norms: readonly SiteReport[], top: number): string {
  const total = norms.reduce((sum, { channels }) => sum + channels, 0);
  let x = NORM.x;
  const parts = norms.map((norm) => {
    const width = (NORM.width * norm.channels) / total;
    const part = drawNorm(norm, x, width);
    x += width;
    return part;
  });
  return `<g clip-path="url(#pill)" transform="translate(0 ${top})">${parts.join('')}</g>`;
}

function drawNorm(norm: SiteReport, x: number, width: number): string {
  const { short, colour } = NORM_STYLE[norm.kind];
  return (
    `<g><title>${escapeMarkup(titleOf(norm))}</title>` +
    `<rect x="${x}" width="${width}" height="${PILL_HEIGHT}" fill="${colour}"/>` +
    `<text class="norm" x="${x + width / 2}" y="16" text-anchor="middle">${short} ${norm.channels}</text></g>`
  );
}

/** From the top of the card down its lane into the sum; its norms stand upright on it. */
function drawShortcut(shortcut: readonly Layer[], sumY: number): string {
  const wire = `<path class="wire" d="M${SPINE_X} 4H${LANE_X - 8}Q${LANE_X} 4 ${LANE_X} 12V${sumY - 8}Q${LANE_X} ${sumY} ${LANE_X - 8} ${sumY}H${SPINE_X + 8}"/>`;
  const sum =
    `<circle class="sum" cx="${SPINE_X}" cy="${sumY}" r="8"/>` +
    `<path class="plus" d="M${SPINE_X - 4} ${sumY}h8M${SPINE_X} ${sumY - 4}v8"/>`;
  const norms = shortcut.flatMap((layer) => layer.norms);
  const middle = (4 + sumY) / 2;
  const pills = norms.map((norm, i) =>
    drawLanePill(norm, middle + (i - (norms.length - 1) / 2) * (LANE_PILL.height + 4)),
  );
  return wire + sum + pills.join('');
}

function drawLanePill(norm: SiteReport, middle: number): string {
  const { short, colour } = NORM_STYLE[norm.kind];
  const { width, height } = LANE_PILL;
  return (
    `<g transform="translate(${LANE_X} ${middle}) rotate(-90)"><title>${escapeMarkup(titleOf(norm))}</title>` +
    `<rect x="${-height / 2}" y="${-width / 2}" width="${height}" height="${width}" rx="${width / 2}" fill="${colour}"/>` +
    `<text class="norm" y="4" text-anchor="middle">${short} ${norm.channels}</text></g>`
  );
}

function titleOf({ name, kind, channels, partOf }: SiteReport): string {
  const part = partOf === undefined ? '' : ` of ${partOf}`;
  return `${name}: ${NORM_STYLE[kind].name}, ${channels}${part} channels`;
}

/** What {@link drawBlock} refers to; once a picture. */
export const BLOCK_DEFINITIONS = `<clipPath id="pill"><rect x="${NORM.x}" width="${NORM.width}" height="${PILL_HEIGHT}" rx="12"/></clipPath>`;
