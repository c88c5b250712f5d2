/**
 * What examples and counter-examples give: each picture asks for its class; from the plain answer the first right hit
 * becomes an example and the first wrong one a counter-example, as somebody would choose who looks at it, and it is asked
 * again. The two that were chosen stand first and last in every row, so that only the others make the difference.
 *
 *     node dist/scripts/bench/counter-examples.js FOLDER [--model default]
 */
import { parseArgs } from 'node:util';
import { combineQueries } from '../../engine/collection/query.js';
import { runSweep } from '../../engine/evaluate/evaluate.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { leaveOneOut } from '../../engine/evaluate/protocols/leave-one-out.js';
import { ExactGallery, type DescribedItem, type RankGallery } from '../../engine/evaluate/ranking.js';
import { renderTextReport } from '../../engine/evaluate/report/text-report.js';
import { Extractor } from '../../engine/extractor.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { userPath } from '../cli-paths.js';
import { describeOnce } from '../evaluation/describe-once.js';
import { pictureDescriber } from '../evaluation/picture-describer.js';
import { loadModel } from '../load-model.js';

/** Weights of the example and of the counter-example, 0 for none. */
const ROWS = [
  [0, 0],
  [1, 0],
  [0, -0.25],
  [0, -0.5],
  [0, -1],
  [1, -0.25],
  [1, -0.5],
  [1, -1],
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string', default: 'default' }, 'data-dir': { type: 'string', default: './index-data' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of labelled pictures');

const { directory, manifest } = await loadModel(values.model, values['data-dir']);
const extractor = new Extractor();
await extractor.open(directory);
const { preprocess } = manifest;
const describe = describeOnce(
  pictureDescriber({ directory, preprocess, limits: imageLimitsSchema.parse({}), extractor }),
);
const report = await runSweep({
  systems: ROWS.map(([wanted, unwanted]) => ({
    name: `example ${wanted}, counter-example ${unwanted}`,
    describe,
    rank: rankWithFeedback(wanted, unwanted),
  })),
  protocol: leaveOneOut(await listLabelledFolder(userPath(folder))),
  metrics: ['ap', 'precision@10'],
});
await extractor.close();
process.stdout.write(renderTextReport(report));

/** Asks again with what was chosen from the first answer. */
function rankWithFeedback(wanted: number, unwanted: number): RankGallery {
  return function* (queries, gallery, own) {
    const exact = new ExactGallery(gallery);
    for (const [query, item] of queries.entries()) {
      const first = orderOf(exact, item, own[query]);
      const right = first.find((position) => gallery[position]!.label === item.label);
      const wrong = first.find((position) => gallery[position]!.label !== item.label);
      const given = [partOf(item, 1), ...chosen(gallery, right, wanted), ...chosen(gallery, wrong, unwanted)];
      const vector = combineQueries(given);
      const [again] = exact.rank([{ ...item, vector }]);
      const others = again!.order.filter((position) => ![own[query], right, wrong].includes(position));
      const order = [...only(right), ...others, ...only(wrong)];
      yield { query, order: Uint32Array.from(order), scores: again!.scores };
    }
  };
}

/** @returns the gallery in the order of the query, without its own picture. */
function orderOf(exact: ExactGallery, item: DescribedItem, own: number | undefined): Uint32Array {
  return exact.rank([item])[0]!.order.filter((position) => position !== own);
}

function chosen(gallery: readonly DescribedItem[], position: number | undefined, weight: number) {
  return position === undefined || weight === 0 ? [] : [partOf(gallery[position]!, weight)];
}

function partOf({ vector }: DescribedItem, weight: number) {
  return { vector, facts: { kind: 'descriptor' as const, weight } };
}

function only(position: number | undefined): number[] {
  return position === undefined ? [] : [position];
}
