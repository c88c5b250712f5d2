import type { Calibration } from './category-head.js';

/** Of the vote; measured on Caltech-101 and PACS: colder votes are less often right, see docs/retrieval.md. */
export const VOTE = { neighbours: 30, temperature: 0.1 } as const;

/**
 * What holds until a head is trained, and of the vote alone always. So warm a vote is too modest: half the temperature says
 * what it is worth.
 */
export const UNFITTED: Calibration = { weight: 0.5, temperatures: { vote: 0.5, head: 1, fused: 1 } };
