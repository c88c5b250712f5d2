import { CLASS_METRICS, idsByLabel, NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';

/**
 * Every labelled picture asks for the others of its class; the picture itself is junk. Unlabelled pictures are distractors:
 * in the gallery, never asked with.
 */
export function leaveOneOut(items: readonly EvaluationItem[]): Protocol {
  const classes = idsByLabel(items);
  return {
    name: 'leave-one-out',
    queries: items.filter(({ label }) => label !== ''),
    gallery: items,
    metrics: CLASS_METRICS,
    relevant: ({ label }) => classes.get(label) ?? NO_IDS,
    junk: ({ id }) => new Set([id]),
  };
}
