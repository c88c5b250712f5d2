import { type Command, Option } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import type { TuneEstimate, TuneReport } from '../../engine/collection/tune.js';
import { LABEL_MESSAGE, namesWhatToLearnFrom, type TuneRequest } from '../../engine/collection/tune-request.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { parseInteger } from '../parse-integer.js';
import { textTable } from '../report/text-table.js';

interface TuneCommandOptions extends CollectionOptions {
  from: TuneRequest['from'];
  label?: string;
  folds: number;
  holdOut: TuneRequest['holdOut'];
  dryRun?: boolean;
  revert?: boolean;
}

/** `likeness tune`: learns a projection from labels or clicks, and puts it behind a collection's chain. */
export function addTune(program: Command): void {
  withCollection(program.command('tune'))
    .description(
      'learn what matters from labels or from clicks, and use it if held-out queries gain by it; may be interrupted and run again',
    )
    .addOption(
      new Option('--from <what>', 'labels: a metadata field; feedback: which hits were chosen')
        .choices(['labels', 'feedback'])
        .default('labels'),
    )
    .option('--label <field>', 'the metadata field that names the class')
    .option('--folds <count>', 'parts that are held out in turn', parseInteger(2, 20), 5)
    .addOption(
      new Option('--hold-out <what>', 'what a fold keeps from learning: whole classes, or some images of each')
        .choices(['classes', 'images'])
        .default('classes'),
    )
    .option('--dry-run', 'measure only')
    .option('--revert', 'go back to the chain as it was before anything was learned; reads the pictures again')
    .action(tune);
}

async function tune({ from, label, folds, holdOut, ...options }: TuneCommandOptions): Promise<void> {
  const { dryRun = false, revert = false } = options;
  const request = { from, folds, holdOut, dryRun, revert, ...pickDefined({ label }, ['label']) };
  if (!namesWhatToLearnFrom(request)) throw new LikenessError('invalid_request', LABEL_MESSAGE);
  await withBackend(options, 'tune', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine(revert ? 'images described' : 'done (candidates, then images)');
    const report = await collection.tune({ ...request, onProgress: (done, total) => line.show(done, total) });
    process.stdout.write(inWords(report, request));
  });
}

function inWords(report: TuneReport, request: TuneRequest): string {
  const { estimate, images, from, to, resumed } = report;
  const measured = estimate === undefined ? '' : estimateInWords(estimate, request);
  const again = resumed ? 'went on where an earlier run was\n' : '';
  if (from !== to) return `${measured}${again}${images} images, fingerprint ${from} -> ${to}\n`;
  return `${measured}nothing was written${request.dryRun ? ' (dry run)' : ': no candidate gains for certain'}\n`;
}

function estimateInWords({ counts, folds, queries, candidates, winner }: TuneEstimate, request: TuneRequest): string {
  const what = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const how = request.from === 'feedback' ? 'answers; the chosen among the shown' : request.holdOut;
  const rows = candidates.map(({ name, map, gain }) => [
    name === winner ? `${name} *` : name,
    ...[map.mean, map.low, map.high].map((value) => value.toFixed(4)),
    ...(name === 'none' ? [] : [gain.mean, gain.low, gain.high].map(signed)),
  ]);
  const heading = ['projection', 'mAP', 'from', 'to', 'gain', 'from', 'to'];
  return (
    `${what.join(', ')}; ${folds} folds, held out: ${how}; ${queries} queries, mAP (finite sum) with 95 % intervals\n` +
    textTable(heading, rows)
  );
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
