import type { DomainsReport } from '../../engine/category/domain-means.js';
import type { HeadReport } from '../../engine/category/category-head.js';
import type { CategoryAnswer } from '../../engine/category/category-request.js';
import { textTable } from './text-table.js';

/** @returns a predicted category for the terminal, in one or two lines. */
export function categoryAsText({ field, by, predicted, within }: CategoryAnswer): string {
  const labels = predicted.map(({ label, probability }) => `${label} ${probability.toFixed(2)}`).join(', ');
  const kept = within === undefined ? '' : `kept to ${field} ${within.labels.join(', ')}\n`;
  return `${field} by ${by}: ${labels || 'nothing near has one'}\n${kept}`;
}

/** @returns for the terminal on what a head was trained, and how well it does. */
export function headAsText(report: HeadReport): string {
  const { field, images, examples, heldOut, labels, sequence, trainedAt, rounds, measured, voteWeight } = report;
  const facts = [
    `field ${field}: ${images} images with ${labels.length} labels, ${examples} distinct descriptors, ${heldOut} of them held out`,
    `trained ${trainedAt} at sequence ${sequence}, ${rounds} rounds; the vote counts ${voteWeight} beside the head`,
  ];
  return `${facts.join('\n')}\n${measured === undefined ? 'too few held out to measure anything\n' : measuredAsText(measured)}`;
}

function measuredAsText(measured: NonNullable<HeadReport['measured']>): string {
  const rows = Object.entries(measured).map(([name, { accuracy, calibrationErrorBefore, calibrationError }]) => [
    name,
    ...[accuracy, calibrationErrorBefore, calibrationError].map((value) => value.toFixed(3)),
  ]);
  return textTable(['held-out images', 'accuracy', 'ECE', 'ECE calibrated'], rows);
}

/** @returns for the terminal of which domains the means were learned. */
export function domainsAsText({ field, domains, sequence, learnedAt }: DomainsReport): string {
  const counts = domains.map(({ domain, images }) => `${domain} ${images}`).join(', ');
  return `domains of ${field}: ${counts} images, means learned ${learnedAt} at sequence ${sequence}\n`;
}
