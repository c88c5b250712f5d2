import { setImmediate as turn } from 'node:timers/promises';
import { LikenessError, toLikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { EvaluatedSystem, EvaluationPlan } from './evaluation-plan.js';
import { judgeRanking, type JudgedRanking } from './judged-ranking.js';
import { mapConcurrently } from '../map-concurrently.js';
import type { EvaluationItem } from './protocol.js';
import { rankExactly, type DescribedItem, type Ranking } from './ranking.js';
import type { Timings } from '../types.js';
import { CLEAN, type Example } from './report/report-schema.js';
import type { Transform } from './transforms/transform.js';

/** What one query got: its judged ranking and the head of it. */
export interface Answer {
  judged: JudgedRanking;
  hits: Example['hits'];
  /** Milliseconds of each stage of the ranking, where the system tells them. */
  timings?: Timings;
}

/** @returns descriptors in the order of the items. Throws what `describe` throws, with the item named. */
export async function describeItems(
  system: Pick<EvaluatedSystem, 'name' | 'describe'>,
  items: readonly EvaluationItem[],
  { concurrency, onProgress, signal }: EvaluationPlan,
  transform?: Transform,
): Promise<DescribedItem[]> {
  let done = 0;
  return mapConcurrently(items, concurrency, async (item) => {
    signal?.throwIfAborted();
    const vector = await system.describe(item, transform).catch((thrown: unknown) => rethrowWithItem(thrown, item));
    const run = transform?.name ?? CLEAN;
    onProgress({ system: system.name, transform: run, stage: 'describe', done: ++done, total: items.length });
    return { id: item.id, label: item.label, vector };
  });
}

/** Ranks the gallery for each described query and judges it; answers in the order of the plan's queries. */
export async function answerQueries(
  system: EvaluatedSystem,
  described: readonly DescribedItem[],
  gallery: readonly DescribedItem[],
  plan: EvaluationPlan,
  transform = CLEAN,
): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const total = described.length;
  for await (const ranking of (system.rank ?? rankExactly)(described, gallery, ownPositions(plan))) {
    // a whole gallery is sorted for each query: let the caller's own work through
    await turn();
    plan.signal?.throwIfAborted();
    answers.set(ranking.query, judge(ranking, gallery, plan));
    plan.onProgress({ system: system.name, transform, stage: 'rank', done: answers.size, total });
  }
  return described.map(({ id }, query) => {
    const answer = answers.get(query);
    if (!answer) throw new LikenessError('internal', `expected a ranking of query ${id} from ${system.name}, got none`);
    return answer;
  });
}

/** @returns the gallery position of each query's own picture, where the protocol calls it junk. */
function ownPositions({ queries, protocol }: EvaluationPlan): (number | undefined)[] {
  const positions = new Map(protocol.gallery.map(({ path }, position) => [path, position]));
  return queries.map((query) => {
    const position = positions.get(query.path);
    if (position === undefined || !protocol.junk(query).has(protocol.gallery[position]!.id)) return undefined;
    return position;
  });
}

function judge(
  { query, order, scores, ...told }: Ranking,
  gallery: readonly DescribedItem[],
  plan: EvaluationPlan,
): Answer {
  const item = plan.queries[query]!;
  const [relevant, junk] = [plan.protocol.relevant(item), plan.protocol.junk(item)];
  const ids = Array.from(order, (position) => gallery[position]!.id);
  const hits: Example['hits'] = [];
  for (let rank = 0; rank < ids.length && hits.length < plan.examples.hits; rank++) {
    const id = ids[rank]!;
    if (!junk.has(id)) hits.push({ id, score: scores[order[rank]!]!, relevant: relevant.has(id) });
  }
  return { judged: judgeRanking(ids, relevant, junk), hits, ...pickDefined(told, ['timings']) };
}

function rethrowWithItem(thrown: unknown, { id }: EvaluationItem): never {
  const { code, message, details } = toLikenessError(thrown);
  throw new LikenessError(code, `${id}: ${message}`, { details: { ...details, id }, cause: thrown });
}
