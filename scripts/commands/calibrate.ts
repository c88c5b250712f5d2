import type { Command } from 'commander';
import type { CalibrationFacts } from '../../engine/collection/calibrate/calibration.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { parseInteger } from '../parse-integer.js';
import { textTable } from '../report/text-table.js';

interface CalibrateCommandOptions extends CollectionOptions {
  images?: number;
  json?: boolean;
}

/** `likeness calibrate`: learns what scores mean in a collection, so that hits have verdicts. */
export function addCalibrate(program: Command): void {
  withCollection(program.command('calibrate'))
    .description('learn from edited copies of its images what scores mean in a collection; hits have verdicts then')
    .option('--images <count>', 'images to edit (default: 300)', parseInteger(50, 4000))
    .option('--json', 'print what was measured as JSON')
    .action(calibrateCollection);
}

async function calibrateCollection(options: CalibrateCommandOptions): Promise<void> {
  await withBackend(options, 'calibrate', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine('images edited');
    const facts = await collection.calibrate({
      ...pickDefined(options, ['images']),
      onProgress: (done, total) => line.show(done, total),
    });
    process.stdout.write(options.json === true ? `${JSON.stringify(facts, null, 2)}\n` : calibrationText(facts));
  });
}

function calibrationText({ images, sequence, measured }: CalibrationFacts): string {
  const recalls = (shares: Record<string, number>, note: string) =>
    Object.entries(shares).map(([kind, share]) => [kind, share.toFixed(3), note]);
  const table = textTable(
    ['edit', 'found', ''],
    [...recalls(measured.recall, ''), ...recalls(measured.unseenRecall, 'not fitted on')],
  );
  return [
    `calibrated on ${images} images, sequence ${sequence}; on images that it was not fitted on:`,
    `expected calibration error  ${measured.calibrationError.toFixed(4)} (with kinds of edits not fitted on: ${measured.unseenCalibrationError.toFixed(4)})`,
    `false near-duplicates       ${measured.falsePer1000.toFixed(3)} in 1000 random pairs (of ${measured.randomPairs})`,
    `among nearest others        ${measured.nearestPer1000.toFixed(1)} in 1000 (of ${measured.nearestPairs}); some may be duplicates indeed`,
    `edited copies               ${measured.editedCopies}`,
    table,
  ].join('\n');
}
