import type { Timings } from '../types.js';
import type { Candidate } from './candidate.js';
import type { RankingPorts } from './ranking-ports.js';
import { RankingRun } from './ranking-run.js';
import type { RankingStage } from './ranking-stage.js';

export interface RankingRequest {
  /** Unit vector [D]. */
  query: Float32Array;
  stages: readonly RankingStage[];
  /** Hits wanted from the top, so offset + k. */
  count: number;
  /** A group looks no deeper than this for more of its kind. */
  maxCount: number;
}

export interface Ranked<C extends Candidate> {
  /** At most `count`, best first. */
  candidates: C[];
  /** Milliseconds by stage; `search` is the first search, a stage that searches again counts that in. */
  timings: Timings;
}

/** A group drops candidates: so many times more are fetched, and again while they do not do. */
const GROUP_OVERFETCH = 4;

/**
 * Searches, then runs the stages in their order. What a stage re-ranks does not depend on `count`, so that pages of one
 * ranking fit together.
 */
export async function rankCandidates<C extends Candidate>(
  { count, maxCount, ...request }: RankingRequest,
  ports: RankingPorts<C>,
): Promise<Ranked<C>> {
  const isGrouped = request.stages.at(-1)?.stage === 'group';
  const timings: Timings = {};
  for (let depth = isGrouped ? count * GROUP_OVERFETCH : count; ; depth *= GROUP_OVERFETCH) {
    const run = new RankingRun({ ...request, count: depth }, ports, timings);
    const candidates = await run.run();
    if (!isGrouped || candidates.length >= count || run.isExhausted || depth >= maxCount)
      return { candidates: candidates.slice(0, count), timings };
  }
}
