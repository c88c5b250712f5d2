import { CLASS_METRICS, idsByLabel, NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';

/**
 * One labelled folder asks another; the same class name is relevant, as photographs against paintings for the cross-domain
 * question. A class that the gallery lacks gives queries without positives, which are left out of the means.
 */
export function queryAgainstGallery(queries: readonly EvaluationItem[], gallery: readonly EvaluationItem[]): Protocol {
  const classes = idsByLabel(gallery);
  return {
    name: 'query-gallery',
    queries: queries.filter(({ label }) => label !== ''),
    gallery,
    metrics: CLASS_METRICS,
    relevant: ({ label }) => classes.get(label) ?? NO_IDS,
    junk: () => NO_IDS,
  };
}
