import type { Command } from 'commander';
import { headSettingsSchema } from '../../engine/category/head-settings.js';
import { LikenessError } from '../../engine/errors.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { parseInteger } from '../parse-integer.js';
import { parseNumber } from '../parse-number.js';
import { readQueryPicture } from '../read-query-picture.js';
import { categoryAsText, domainsAsText, headAsText } from '../report/category-text.js';

interface FieldOptions extends CollectionOptions {
  field?: string;
  json?: boolean;
}

interface TrainOptions extends FieldOptions {
  balanced?: boolean;
  heldOut?: number;
  seed?: number;
}

const FIELD = ['--field <name>', "metadata field of the labels (default: the collection's categoryField)"] as const;

/** `likeness categories`: what a picture is of, learned from the labels of a collection. */
export function addCategories(program: Command): void {
  const categories = program.command('categories').description("predict categories from a collection's own labels");
  withCollection(categories.command('train'))
    .description('train a linear head on the descriptors and labels of a collection, in place of the one before')
    .option(...FIELD)
    .option('--balanced', 'count each label alike, however many images it has')
    .option('--held-out <share>', 'share held out to stop early and to calibrate on (default: 0.2)', parseNumber)
    .option('--seed <number>', 'of what is drawn at random (default: 0)', parseInteger(0, 2 ** 31))
    .option('--json', 'print as JSON')
    .action(train);
  withCollection(categories.command('domains'))
    .description('learn the mean descriptor of each domain, for searches with --across')
    .option('--field <name>', "metadata field of the domain (default: the collection's domainField)")
    .option('--json', 'print as JSON')
    .action(domains);
  withCollection(categories.command('show'))
    .description('show on what the head of a collection was trained, and how well it does')
    .option('--json', 'print as JSON')
    .action(show);
  withCollection(categories.command('predict'))
    .description('say of which category a picture is')
    .argument('<image>', 'the picture')
    .option(...FIELD)
    .option('--json', 'print as JSON')
    .action(predict);
}

async function train({ field, json, ...options }: TrainOptions): Promise<void> {
  const parsed = headSettingsSchema.safeParse(pickDefined(options, ['balanced', 'heldOut', 'seed']));
  if (!parsed.success)
    throw new LikenessError(
      'invalid_request',
      `${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`,
    );
  await withBackend(options, 'categories train', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine('rounds at most');
    const onProgress = (done: number, total: number) => line.show(done, total);
    const report = await collection.trainHead({ ...parsed.data, field, onProgress });
    print(report, json, headAsText);
  });
}

async function domains({ field, json, ...options }: FieldOptions): Promise<void> {
  await withBackend(options, 'categories domains', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine('images read');
    const onProgress = (done: number, total: number) => line.show(done, total);
    print(await collection.learnDomains({ field, onProgress }), json, domainsAsText);
  });
}

async function show({ json, ...options }: FieldOptions): Promise<void> {
  await withBackend(options, 'categories show', async (backend) => {
    const info = await (await backend.collection(options.collection)).categories();
    print(info, json, ({ field, head, domains, sequence }) =>
      [
        `categoryField ${field ?? 'none'}, sequence ${sequence}\n`,
        head === undefined ? 'no head was trained\n' : headAsText(head),
        domains === undefined ? '' : domainsAsText(domains),
      ].join(''),
    );
  });
}

async function predict(image: string, { field, json, ...options }: FieldOptions): Promise<void> {
  const bytes = await readQueryPicture(image);
  await withBackend(options, 'categories predict', async (backend) => {
    const collection = await backend.collection(options.collection);
    const category = field === undefined || { field };
    const answer = await collection.search({ pictures: [{ bytes, weight: 1 }], k: 1, category });
    print(answer.category!, json, categoryAsText);
  });
}

function print<T>(value: T, json: boolean | undefined, asText: (value: T) => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : asText(value));
}
