import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { runSweep } from '../../engine/evaluate/evaluate.js';
import { METRIC_NAMES } from '../../engine/evaluate/metrics.js';
import type { Protocol } from '../../engine/evaluate/protocol.js';
import { renderHtmlReport } from '../../engine/evaluate/report/html/html-report.js';
import { reportToJson } from '../../engine/evaluate/report/report-json.js';
import type { EvaluationReport } from '../../engine/evaluate/report/report-schema.js';
import { renderTextReport } from '../../engine/evaluate/report/text-report.js';
import { Extractor } from '../../engine/extractor.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import { fixedInputsSchema } from '../../engine/model/manifest.js';
import { userPath } from '../cli-paths.js';
import { configOf, imageLimitsOf, withConfig } from '../command-options.js';
import { chooseProtocol, PROTOCOL_NAMES } from '../evaluation/choose-protocol.js';
import { chooseTransforms } from '../evaluation/choose-transforms.js';
import { PictureGeometry } from '../evaluation/picture-geometry.js';
import { EvaluationProgressLine } from '../evaluation/progress-line.js';
import { reportPictures } from '../evaluation/report-pictures.js';
import { openSystems, type SystemsOptions } from '../evaluation/systems.js';
import { collect } from '../collect-option.js';
import { parseJsonOption } from '../parse-json-option.js';
import { parseInteger } from '../parse-integer.js';
import { requireOutput, writeOutput } from '../write-output.js';

interface EvaluateOptions {
  protocol?: string;
  gallery?: string;
  distractors?: string;
  list?: string;
  /** Not the config's: there may be several. */
  model?: string[];
  sweep: string[];
  queryInputs?: string;
  transforms?: string | true;
  art?: string;
  metrics?: string;
  limitPerClass?: number;
  json?: string;
  html?: string;
  [configKey: string]: unknown;
}

/** `likeness evaluate`: how well models find what belongs together in labelled pictures. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure how well models find the pictures of a class; the sub-folders of a folder are its classes')
    .argument('<folder>', 'labelled pictures to ask with, and to search if there is no gallery')
    .option('--protocol <name>', `${PROTOCOL_NAMES.join(', ')} (default: by what else is given)`)
    .option('--gallery <folder>', 'labelled pictures to search')
    .option('--distractors <folder>', 'pictures to search that are never right (protocol copydays)')
    .option('--list <file>', 'ground truth: NDJSON of the list protocol, JSON of the revisited ones')
    .option('-m, --model <name>', 'an installed model or the path of a model folder; may be given again', collect)
    .option(
      '--sweep <axis>',
      'size=144,176, scales=1,1+0.7, runWeight=1,0.5, chain=own,crow,gem:4+projection, ' +
        'ranking=none,alpha-qe,k-reciprocal:k1=10 or dba=0,10; may be given again',
      collect,
      [],
    )
    .option('--query-inputs <json>', 'values of inputs of the model for the queries alone, such as {"condition": [1]}')
    .option('--transforms [names]', 'also ask with changed pictures: all of the appearance protocol, or a,b,c')
    .option('--art <picture>', 'whose colours the transform art-colours gives to the queries')
    .option('--metrics <names>', `${METRIC_NAMES.join(', ')}; separated by commas, the first is the headline`)
    .option('--limit-per-class <count>', 'only the first pictures of each class', parseInteger(1, 1_000_000))
    .option('--json <file>', 'write the whole result')
    .option('--html <file>', 'write a report with plots and pictures');
  const flags = ['dataDir', 'inferenceThreads', 'maxImageBytes', 'maxImagePixels', 'decodeTimeoutMs'];
  withConfig(command, flags).action(evaluate);
}

async function evaluate(folder: string, { model, ...options }: EvaluateOptions): Promise<void> {
  const limits = imageLimitsOf(options);
  for (const file of [options.json, options.html]) if (file !== undefined) await requireOutput(userPath(file));
  const protocol = await chooseProtocol(options.protocol, {
    folder: userPath(folder),
    gallery: optionalPath(options.gallery),
    distractors: optionalPath(options.distractors),
    list: optionalPath(options.list),
    limitPerClass: options.limitPerClass,
  });
  const transforms = await chooseTransforms(options.transforms, optionalPath(options.art), limits);
  const queryInputs = queryInputsOf(options.queryInputs);
  const progress = new EvaluationProgressLine();
  const report = await withWorkers({ ...options, limits }, async ({ extractor, geometry, workFolder }) => {
    const models = model ?? [configOf(options).model];
    const { dataDir } = configOf(options);
    const { sweep: axes } = options;
    const chosen = { models, axes, dataDir, limits, ...queryInputs };
    const systems = await openSystems({ ...chosen, extractor, geometry, workFolder });
    return runSweep({
      systems,
      protocol,
      transforms,
      ...(options.metrics === undefined ? {} : { metrics: options.metrics.split(',') }),
      // one being described in each thread, one waiting there, and as many being read and decoded
      concurrency: extractor.stats.threads * 3 + 2,
      onProgress: (step) => progress.show(step),
    });
  });
  process.stdout.write(renderTextReport(report));
  await writeReports(report, protocol, basename(userPath(folder)), { ...options, limits });
}

function queryInputsOf(text: string | undefined): Pick<SystemsOptions, 'queryInputs'> {
  return text === undefined ? {} : { queryInputs: parseJsonOption(fixedInputsSchema, '--query-inputs', text) };
}

/** What systems are measured with. */
type Workers = Pick<SystemsOptions, 'extractor' | 'geometry' | 'workFolder'>;

/** Runs a task with workers for inference and key points and a folder for changed manifests, all gone afterwards. */
async function withWorkers<T>(
  { limits, ...options }: Record<string, unknown> & { limits: ImageLimits },
  task: (workers: Workers) => Promise<T>,
): Promise<T> {
  const geometry = new PictureGeometry(limits);
  const extractor = new Extractor({ threads: configOf(options).inferenceThreads });
  const workFolder = await mkdtemp(join(tmpdir(), 'likeness-evaluate-'));
  try {
    return await task({ extractor, geometry, workFolder });
  } finally {
    await extractor.close();
    await geometry.close();
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function writeReports(
  report: EvaluationReport,
  protocol: Protocol,
  title: string,
  { json, html, limits }: Pick<EvaluateOptions, 'json' | 'html'> & { limits: ImageLimits },
): Promise<void> {
  if (json !== undefined) await writeOutput(userPath(json), reportToJson(report));
  if (html === undefined) return;
  const pictures = await reportPictures(report, protocol, limits);
  await writeOutput(userPath(html), renderHtmlReport(report, title, pictures));
}

function optionalPath(path: string | undefined): string | undefined {
  return path === undefined ? undefined : userPath(path);
}
