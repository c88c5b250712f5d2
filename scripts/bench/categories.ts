/**
 * How often the category of a picture is predicted rightly, how well the probabilities fit, what keeping within the
 * predicted category does to a search, and what taking the mean of a domain off does across domains.
 *
 *     node dist/scripts/bench/categories.js [--caltech ../shared/data/dev/caltech101] [--pacs ../shared/data/dev/pacs] [--model default]
 *
 * Of each class (and domain) every second picture is stored with its label; the others ask. The head is trained on what is
 * stored. mAP counts stored images of the same class that were not found as missed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectedCalibrationError } from '../../engine/category/calibration.js';
import type { CategoryRequest } from '../../engine/category/category-request.js';
import { PREDICTORS } from '../../engine/category/predict.js';
import type { Collection } from '../../engine/collection/collection.js';
import { learnDomains } from '../../engine/collection/learn-domains.js';
import type { SearchRequest } from '../../engine/collection/run-search.js';
import { trainCategoryHead } from '../../engine/collection/train-head.js';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { textTable } from '../report/text-table.js';

interface Picture {
  id: string;
  path: string;
  kind: string;
  domain: string;
}

/** A picture that asks. */
interface Query extends Picture {
  descriptor: { kind: 'descriptor'; vector: Float32Array; fingerprint: string };
}

const { values } = parseArgs({
  options: {
    caltech: { type: 'string', default: '../shared/data/dev/caltech101' },
    pacs: { type: 'string', default: '../shared/data/dev/pacs' },
    model: { type: 'string', default: 'default' },
  },
});

/** Votes that are compared: how many neighbours, and the temperature. */
const VOTERS = [10, 30, 100];
const TEMPERATURES = [0.03, 0.05, 0.1, 0.2];

const dataDir = await mkdtemp(join(tmpdir(), 'likeness-categories-'));
const config = engineConfigSchema.parse({ dataDir, model: values.model, inferenceThreads: 1, queryRetentionHours: 0 });
const engine = await Engine.open(config, { command: 'bench' });
try {
  await measure('caltech101', await picturesOf(values.caltech, 0));
  await measure('pacs', await picturesOf(values.pacs, 1));
} finally {
  await engine.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(name: string, pictures: Picture[]): Promise<void> {
  const collection = await engine.create(name, { categoryField: 'kind', domainField: 'domain' });
  const asking = await store(collection, pictures);
  const queries = await Promise.all(asking.map((picture) => describe(collection, picture)));
  const stored = await collection.list({ limit: 100_000 });
  console.log(`\n${name}: ${stored.length} stored, ${queries.length} ask`);
  const rows: string[][] = [];
  for (const neighbours of VOTERS)
    for (const temperature of TEMPERATURES) {
      const measured = await predictions(collection, queries, { neighbours, temperature });
      rows.push([`vote of ${neighbours} at ${temperature}, no head trained`, ...measured]);
    }
  await trainCategoryHead(collection, {});
  for (const by of PREDICTORS) rows.push([by, ...(await predictions(collection, queries, { by }))]);
  console.log(textTable(['predicted by', 'accuracy@1', 'ECE'], rows));
  const countOf = (query: Picture) => stored.filter(({ metadata }) => metadata['kind'] === query.kind).length;
  console.log(
    textTable(
      ['search', 'mAP', 'P@10', 'kept to one label'],
      [
        ['plain', ...(await searches(collection, queries, countOf, { category: false }))],
        ['within predicted', ...(await searches(collection, queries, countOf, { within: 'predicted' }))],
      ],
    ),
  );
  await measureDomains(collection, queries);
}

async function measureDomains(collection: Collection, queries: Query[]): Promise<void> {
  const domains = [...new Set(queries.map(({ domain }) => domain))];
  if (domains.length < 2) return;
  await learnDomains(collection, {});
  const rows: string[][] = [];
  for (const from of domains) {
    const ours = queries.filter(({ domain }) => domain === from);
    for (const to of domains.filter((domain) => domain !== from)) {
      const among = await collection.list({ limit: 100_000, filter: { domain: to } });
      const countOf = (query: Picture) => among.filter(({ metadata }) => metadata['kind'] === query.kind).length;
      for (const removeMean of [false, true]) {
        const across = { from, to, removeMean };
        const [map, precision] = await searches(collection, ours, countOf, { across, category: false });
        rows.push([`${from} -> ${to}`, removeMean ? 'off' : 'on', map!, precision!]);
      }
    }
  }
  console.log(textTable(['domains', 'mean of the query', 'mAP', 'P@10'], rows));
}

/** @returns accuracy and calibration error. */
async function predictions(collection: Collection, queries: Query[], category: CategoryRequest): Promise<string[]> {
  const judged = [];
  for (const { descriptor, kind } of queries) {
    const { category: answer } = await collection.search({ queries: [descriptor], k: 1, category });
    const [best] = answer!.predicted;
    judged.push({ probability: best!.probability, isRight: best!.label === kind });
  }
  const right = judged.filter(({ isRight }) => isRight).length / judged.length;
  return [right.toFixed(3), expectedCalibrationError(judged).toFixed(3)];
}

/** @returns mAP, precision in the first 10, and the share of searches that kept to one label. */
async function searches(
  collection: Collection,
  queries: Query[],
  positivesOf: (query: Query) => number,
  options: Pick<SearchRequest, 'category' | 'within' | 'across'>,
): Promise<string[]> {
  let [map, precision, alone] = [0, 0, 0];
  for (const query of queries) {
    const { hits, category } = await collection.search({ queries: [query.descriptor], k: 10_000, ...options });
    const isRight = hits.map(({ record }) => record.metadata['kind'] === query.kind);
    const ranks = Uint32Array.from(isRight.flatMap((right, rank) => (right ? [rank] : [])));
    map += finiteSumAp({ ranks, positives: positivesOf(query) });
    precision += isRight.slice(0, 10).filter(Boolean).length / 10;
    alone += Number(category?.within?.labels.length === 1);
  }
  return [map, precision, alone].map((sum) => (sum / queries.length).toFixed(3));
}

/** Stores every second picture of each class and domain. @returns the others */
async function store(collection: Collection, pictures: Picture[]): Promise<Picture[]> {
  const seen = new Map<string, number>();
  const asking: Picture[] = [];
  let sequence = 0;
  for (const picture of pictures) {
    const { id, path, kind, domain } = picture;
    const count = seen.get(`${domain}/${kind}`) ?? 0;
    seen.set(`${domain}/${kind}`, count + 1);
    if (count % 2 === 1) asking.push(picture);
    else ({ sequence } = await collection.put({ id, bytes: await readFile(path), metadata: { kind, domain } }));
  }
  await collection.epoch.index.reach(sequence, 60_000);
  return asking;
}

async function describe(collection: Collection, picture: Picture): Promise<Query> {
  const { vector } = await collection.describe(await readFile(picture.path));
  const { fingerprint } = collection.epoch.model;
  return { ...picture, descriptor: { kind: 'descriptor', vector, fingerprint } };
}

/** @param depth which folder of a path is the class; the one above it, if any, is the domain */
async function picturesOf(folder: string, depth: number): Promise<Picture[]> {
  return (await listLabelledFolder(folder)).map(({ id, path }) => {
    const segments = id.split('/');
    return { id, path, kind: segments[depth]!, domain: depth === 0 ? '' : segments[depth - 1]! };
  });
}
