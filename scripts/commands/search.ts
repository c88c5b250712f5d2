import { Option, type Command } from 'commander';
import type { AcrossRequest } from '../../engine/category/across-request.js';
import { VERDICTS, type Verdict } from '../../engine/duplicates/verdict.js';
import { LikenessError } from '../../engine/errors.js';
import { fixedInputsSchema } from '../../engine/model/manifest.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { fusionSchema, type Fusion } from '../../engine/ranking/fusion.js';
import { parseFilter } from '../../engine/store/filter.js';
import { regionSchema, type Region } from '../../engine/types.js';
import { thumbnail } from '../../engine/image/thumbnail.js';
import type { CollectionBackend, FoundImages } from '../backend/backend.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { collect } from '../collect-option.js';
import { imageLimitsOf, withCollection, type CollectionOptions } from '../command-options.js';
import { parseInteger } from '../parse-integer.js';
import { parseNumber } from '../parse-number.js';
import { parseJson, parseJsonOption } from '../parse-json-option.js';
import { contactSheet, type SheetPicture } from '../report/contact-sheet.js';
import { parseRanking } from '../parse-ranking.js';
import { readQueryPicture } from '../read-query-picture.js';
import { foundAsJson, foundAsTable } from '../report/found-images.js';
import { writeOutput } from '../write-output.js';

/** Side of the square that pictures of the contact sheet fit, pixels. */
const SHEET_SIZE_PX = 256;

/** Of a counter-example: it says less than an example does. -0.5 does harm where it stands alone, see docs/retrieval.md. */
const COUNTER_WEIGHT = -0.25;

interface SearchOptions extends CollectionOptions {
  with: string[];
  without: string[];
  text?: string;
  textWeight?: number;
  k: number;
  ef?: number;
  filter?: string;
  region: string[];
  context?: number;
  subject?: boolean;
  mask?: string;
  inputs?: string;
  ranking?: string;
  category?: string | true;
  within?: string;
  minVerdict?: Verdict;
  across?: string;
  domainField?: string;
  json?: boolean;
  html?: string;
}

/** `likeness search`: the stored images nearest to a picture. */
export function addSearch(program: Command): void {
  withCollection(program.command('search'))
    .description('find the images nearest to a picture, or to several, or by the words of their metadata')
    .argument('[image]', 'the picture to search by; may be left out beside --text')
    .option('--with <image>', 'a further example of what is wanted; may be given again', collect, [])
    .option(
      '--without <image>',
      `an example of what is not wanted (weight ${COUNTER_WEIGHT}); may be given again`,
      collect,
      [],
    )
    .option('--text <words>', "words to look for in the collection's text fields, beside a picture or alone")
    .option(
      '--text-weight <share>',
      'add cosine and relevance of the text with this share of the text (0 to 1), instead of fusing by ranks',
      parseNumber,
    )
    .option('-k, --k <count>', 'hits wanted', parseInteger(1, 1000), 10)
    .option('--ef <candidates>', 'candidates of the graph search', parseInteger(1, 10_000))
    .option('--filter <json>', 'metadata filter, such as {"brand": "acme"}')
    .option(
      '--region <x,y,width,height>',
      'the part of each picture to search by: pixels, or fractions of 0 to 1; may be given again',
      collect,
      [],
    )
    .option('--subject', 'search by the subject that stands out most in each picture')
    .option(
      '--context <share>',
      'added on each side of a region or subject, as a share of its size (0 to 1)',
      parseNumber,
    )
    .option('--mask <file>', 'a picture of the size of the first one: what is black in it does not count')
    .option('--inputs <json>', 'values of inputs of the model for this picture, such as {"runWeight": [0.5]}')
    .option('--ranking <stages>', 'rank the hits again, such as geometric or alpha-qe:n=5+mmr:lambda=0.5, or JSON')
    .option('--category [field]', "say which category the picture seems to be of (default field: the collection's)")
    .addOption(new Option('--within <labels>', 'keep to images of this category').choices(['predicted']))
    .addOption(new Option('--min-verdict <verdict>', 'loosest verdict of a hit; needs `calibrate`').choices(VERDICTS))
    .option('--across <from,to>', 'domain of the picture and domain of the images wanted, such as street,shop')
    .option('--domain-field <name>', "metadata field of the domain (default: the collection's)")
    .option('--json', 'print the answer as JSON')
    .option('--html <file>', 'write a contact sheet')
    .action(search);
}

async function search(image: string | undefined, options: SearchOptions): Promise<void> {
  checkPlaces(options);
  const paths = image === undefined ? options.with : [image, ...options.with];
  refuseNothing(paths, options);
  const wanted = await Promise.all(paths.map(readQueryPicture));
  const mask = options.mask === undefined ? {} : { mask: await readQueryPicture(options.mask) };
  const unwanted = await Promise.all(options.without.map(readQueryPicture));
  const input = {
    pictures: [
      ...wanted.map((bytes, i) => ({ bytes, weight: 1, ...(i === 0 ? mask : {}) })),
      ...unwanted.map((bytes) => ({ bytes, weight: COUNTER_WEIGHT })),
    ],
    ...pickDefined(options, ['text', 'k', 'ef', 'context', 'minVerdict']),
    ...fusionOf(options),
    ...(options.filter === undefined ? {} : { filter: parseFilter(parseJson('--filter', options.filter)) }),
    ...(options.inputs === undefined ? {} : { inputs: parseJsonOption(fixedInputsSchema, '--inputs', options.inputs) }),
    ...(options.ranking === undefined ? {} : { ranking: parseRanking('--ranking', options.ranking) }),
    ...(options.subject === true ? { subject: 'auto' as const } : {}),
    ...(options.region.length === 0 ? {} : { regions: options.region.map(parseRegion) }),
    ...(options.category === undefined ? {} : { category: options.category === true || { field: options.category } }),
    ...(options.across === undefined ? {} : { across: parseAcross(options.across, options.domainField) }),
    ...(options.within === undefined ? {} : { within: 'predicted' as const }),
  };
  await withBackend(options, 'search', async (backend) => {
    const collection = await backend.collection(options.collection);
    const answer = await collection.search({ ...input, k: options.k });
    process.stdout.write(options.json === true ? foundAsJson(answer) : foundAsTable(answer));
    if (options.html === undefined) return;
    const limits = imageLimitsOf(options);
    const [first] = wanted;
    const picture = first === undefined ? undefined : await thumbnail(first, { limits, size: SHEET_SIZE_PX });
    const title = paths[0] ?? options.text ?? '';
    const query = { title, caption: 'query', ...pickDefined({ picture }, ['picture']) };
    await writeSheet(userPath(options.html), query, answer, collection);
  });
}

/** @throws `invalid_request` where neither a picture nor a text says what to look for, or a mask has no picture */
function refuseNothing(paths: string[], { text, without, mask }: SearchOptions): void {
  if (paths.length === 0 && mask !== undefined)
    throw new LikenessError('invalid_request', 'expected --mask beside a picture, got none');
  if (paths.length > 0 || (text !== undefined && without.length === 0)) return;
  throw new LikenessError(
    'invalid_request',
    'expected a picture to search by, or --text without pictures, got neither',
  );
}

/** @throws `invalid_request` for a share out of range */
function fusionOf({ textWeight }: SearchOptions): { fusion?: Fusion } {
  if (textWeight === undefined) return {};
  const parsed = fusionSchema.safeParse({ method: 'weighted', weight: textWeight });
  if (parsed.success) return { fusion: parsed.data };
  throw new LikenessError('invalid_request', `--text-weight: expected 0 to 1, got ${textWeight}`);
}

/** @throws `invalid_request` for a context out of range or of nothing, or a region beside a subject */
function checkPlaces({ context, region, subject }: SearchOptions): void {
  if (subject === true && region.length > 0)
    throw new LikenessError('invalid_request', 'expected --region or --subject, got both');
  const hasPlace = subject === true || region.length > 0;
  if (context === undefined || (context >= 0 && context <= 1 && hasPlace)) return;
  throw new LikenessError('invalid_request', `--context: expected 0 to 1 beside --region or --subject, got ${context}`);
}

/** @throws `invalid_request` */
function parseAcross(text: string, field: string | undefined): AcrossRequest {
  const [from, to, ...more] = text.split(',').map((name) => name.trim());
  if (from !== undefined && from !== '' && to !== undefined && to !== '' && more.length === 0)
    return { from, to, removeMean: true, ...(field === undefined ? {} : { field }) };
  throw new LikenessError('invalid_request', `--across: expected FROM,TO, got ${text}`);
}

function parseRegion(text: string): Region {
  const [x, y, width, height, ...more] = text.split(',').map(Number);
  const parsed = regionSchema.safeParse({ x, y, width, height });
  if (parsed.success && more.length === 0) return parsed.data;
  throw new LikenessError('invalid_request', `--region: expected x,y,width,height as numbers, got ${text}`);
}

async function writeSheet(
  file: string,
  query: SheetPicture,
  answer: FoundImages,
  collection: CollectionBackend,
): Promise<void> {
  const hits: SheetPicture[] = [];
  for (const { record, score } of answer.hits) {
    const picture = await collection.thumbnail(record.id, SHEET_SIZE_PX).catch(() => undefined);
    hits.push({ title: record.id, caption: score.toFixed(4), ...(picture === undefined ? {} : { picture }) });
  }
  await writeOutput(file, contactSheet(query, hits));
  process.stderr.write(`contact sheet: ${file}\n`);
}
