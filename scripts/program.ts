import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../engine/package-root.js';
import { addCategories } from './commands/categories.js';
import { addDetector } from './commands/detector.js';
import { addCalibrate } from './commands/calibrate.js';
import { addCompare } from './commands/compare.js';
import { addClassical } from './commands/classical.js';
import { addDedupe } from './commands/dedupe.js';
import { addDoctor } from './commands/doctor.js';
import { addEvaluate } from './commands/evaluate.js';
import { addExport } from './commands/export.js';
import { addFeedback } from './commands/feedback.js';
import { addImport } from './commands/import.js';
import { addIndex } from './commands/index-images.js';
import { addModel } from './commands/model.js';
import { addQuery } from './commands/query.js';
import { addReembed } from './commands/reembed.js';
import { addRemove } from './commands/remove.js';
import { addSearch } from './commands/search.js';
import { addServe } from './commands/serve.js';
import { addStats } from './commands/stats.js';
import { addSubjects } from './commands/subjects.js';
import { addTune } from './commands/tune.js';
import { addVerify } from './commands/verify.js';
import { addWhiten } from './commands/whiten.js';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };

/** The command line: `likeness COMMAND`, see scripts/commands/ for one file a command. */
export function buildProgram(): Command {
  const program = new Command('likeness')
    .description('Content-based image retrieval: put images in, ask with an image, get the nearest images back.')
    .version(version)
    .showHelpAfterError('(--help after the command shows what it takes)')
    // as every other error is printed
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'error [invalid_request]: ')),
    });
  for (const add of [
    ...[addIndex, addSearch, addSubjects, addQuery, addFeedback, addServe, addStats, addRemove],
    ...[addExport, addImport, addVerify, addReembed, addTune, addCalibrate, addCategories, addDedupe, addCompare],
    ...[addModel, addClassical, addDetector, addWhiten, addEvaluate, addDoctor],
  ]) {
    add(program);
  }
  return program;
}
