import type { Subject } from '../../engine/types.js';

interface Drawn {
  subjects: readonly Subject[];
  /** Of the oriented picture, pixels: what the boxes are in. */
  width: number;
  height: number;
}

/**
 * @param picture WebP, of any size
 * @returns SVG of the picture with its subjects' boxes, the best drawn last and thickest
 */
export function subjectsDrawing({ subjects, width, height }: Drawn, picture: Uint8Array): string {
  const unit = Math.max(width, height) / 400;
  const image = `<image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/webp;base64,${Buffer.from(picture).toString('base64')}"/>`;
  const boxes = subjects.map((subject, rank) => drawBox(subject, rank, unit)).reverse();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${[image, ...boxes].join('\n')}
</svg>
`;
}

function drawBox({ box, score, label }: Subject, rank: number, unit: number): string {
  const colour = rank === 0 ? '#ff2d55' : '#ffcc00';
  const place = `x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"`;
  const line = `fill="none" stroke="${colour}" stroke-width="${(rank === 0 ? 2.5 : 1.5) * unit}"`;
  const words = `${label === undefined ? '' : `${escapeXml(label)} `}${score.toFixed(2)}`;
  const at = `x="${box.x + 3 * unit}" y="${box.y + 13 * unit}" font-family="sans-serif" font-size="${11 * unit}"`;
  const text = `fill="${colour}" stroke="#000" stroke-width="${2 * unit}" paint-order="stroke"`;
  return `<rect ${place} ${line}/><text ${at} ${text}>${words}</text>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
