/**
 * What words beside a picture give: pictures of a folder (a sub-folder a class) get captions made of the names of their
 * classes, some without the name and some with a wrong one, among words of noise; then pictures ask for their class.
 *
 *     node dist/scripts/bench/text-fusion.js FOLDER [--model default] [--limit-per-class 7] [--queries 200] [--named 0.5] [--wrong 0.1]
 *
 * A caption names the class of its picture in a share `named` of them, another class in a share `wrong`, and none in the rest. A query is
 * a stored picture (left out of its hits) and the name of its class; mAP counts what was not found as missed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SearchRequest } from '../../engine/collection/run-search.js';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { seededRandom } from '../../engine/seeded-random.js';
import { userPath } from '../cli-paths.js';
import { evenlySpread } from '../commands/measured-pictures.js';
import { limitPerClass } from '../evaluation/limit-per-class.js';
import { textTable } from '../report/text-table.js';

const NOISE = [
  'photo',
  'small',
  'old',
  'new',
  'red',
  'blue',
  'large',
  'left',
  'my',
  'best',
  'of',
  'the',
  'sale',
  'two',
];
const K = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    'limit-per-class': { type: 'string', default: '7' },
    queries: { type: 'string', default: '200' },
    named: { type: 'string', default: '0.5' },
    wrong: { type: 'string', default: '0.1' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of labelled pictures');

const random = seededRandom(1);
const items = limitPerClass(await listLabelledFolder(userPath(folder)), Number(values['limit-per-class']));
const labels = [...new Set(items.map(({ label }) => label))];
const dataDir = await mkdtemp(join(tmpdir(), 'likeness-text-'));
const config = engineConfigSchema.parse({ dataDir, model: values.model, inferenceThreads: 1, queryRetentionHours: 0 });
const engine = await Engine.open(config, { command: 'bench' });
try {
  const collection = await engine.create('captions', { textFields: ['caption'] });
  let sequence = 0;
  for (const { id, label, path } of items) {
    const metadata = { kind: label, caption: captionOf(label) };
    ({ sequence } = await collection.put({ id, bytes: await readFile(path), metadata }));
  }
  await collection.epoch.index.reach(sequence, 60_000);
  const asked = evenlySpread(items, Number(values.queries));
  const measure = async (
    request: (item: (typeof items)[number]) => Pick<SearchRequest, 'queries' | 'text' | 'fusion'>,
  ) => {
    let [map, first] = [0, 0];
    for (const item of asked) {
      const { hits } = await collection.search({ k: K, ...request(item) });
      const others = hits.filter(({ record }) => record.id !== item.id);
      const isRight = others.map(({ record }) => record.metadata['kind'] === item.label);
      const ranks = Uint32Array.from(isRight.flatMap((right, rank) => (right ? [rank] : [])));
      map += finiteSumAp({ ranks, positives: items.filter(({ label }) => label === item.label).length - 1 });
      first += Number(isRight[0] === true);
    }
    return [map, first].map((sum) => (sum / asked.length).toFixed(3));
  };
  const picture = ({ id }: { id: string }) => ({ queries: [{ kind: 'id' as const, id }] });
  const words = ({ label }: { label: string }) => ({ text: wordsOf(label) });
  const both = (fusion: SearchRequest['fusion'] & object) => (item: { id: string; label: string }) => ({
    ...picture(item),
    ...words(item),
    fusion,
  });
  const rows = [
    ['picture alone', ...(await measure(picture))],
    ['text alone', ...(await measure((item) => ({ queries: [], ...words(item) })))],
    ['rrf', ...(await measure(both({ method: 'rrf' })))],
  ];
  for (const weight of [0.1, 0.25, 0.5, 0.75])
    rows.push([`weighted ${weight}`, ...(await measure(both({ method: 'weighted', weight })))]);
  console.log(`${items.length} pictures of ${labels.length} classes, ${asked.length} of them ask`);
  console.log(textTable(['by', 'mAP', 'R@1'], rows));
} finally {
  await engine.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Folders are called such as `ceiling_fan`. */
function wordsOf(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function captionOf(label: string): string {
  const draw = random();
  const [named, wrong] = [Number(values.named), Number(values.wrong)];
  const name = draw < named ? label : draw < named + wrong ? labels[Math.floor(random() * labels.length)]! : '';
  const noise = [0, 1, 2].map(() => NOISE[Math.floor(random() * NOISE.length)]!);
  return `${noise[0]!} ${wordsOf(name)} ${noise[1]!} ${noise[2]!}`;
}
