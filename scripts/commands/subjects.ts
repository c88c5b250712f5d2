import type { Command } from 'commander';
import { thumbnail } from '../../engine/image/thumbnail.js';
import type { Subject } from '../../engine/types.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { imageLimitsOf, withCollection, type CollectionOptions } from '../command-options.js';
import { readQueryPicture } from '../read-query-picture.js';
import { subjectsDrawing } from '../report/subjects-drawing.js';
import { writeOutput } from '../write-output.js';

/** Longest side of the picture in a drawing, pixels. */
const DRAWING_SIZE_PX = 1024;

interface SubjectsOptions extends CollectionOptions {
  json?: boolean;
  svg?: string;
}

/** `likeness subjects`: what a picture shows. */
export function addSubjects(program: Command): void {
  withCollection(program.command('subjects'))
    .description('find what a picture shows: boxes that a search can take as its --region')
    .argument('<image>', 'the picture')
    .option('--json', 'print the answer as JSON')
    .option('--svg <file>', 'draw the boxes on the picture')
    .action(subjects);
}

async function subjects(image: string, options: SubjectsOptions): Promise<void> {
  const bytes = await readQueryPicture(image);
  await withBackend(options, 'subjects', async (backend) => {
    const found = await (await backend.collection(options.collection)).findSubjects(bytes);
    process.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : asTable(found.subjects));
    if (options.svg === undefined) return;
    const picture = await thumbnail(bytes, { limits: imageLimitsOf(options), size: DRAWING_SIZE_PX });
    await writeOutput(userPath(options.svg), subjectsDrawing(found, picture));
    process.stderr.write(`drawing: ${userPath(options.svg)}\n`);
  });
}

function asTable(found: readonly Subject[]): string {
  if (found.length === 0) return 'nothing stands out\n';
  const rows = found.map(({ box, score, label = '' }) => {
    const place = [box.x, box.y, box.width, box.height].join(',');
    return `${score.toFixed(4)}  ${place}  ${label}`.trimEnd();
  });
  return ` score  x,y,width,height\n${rows.map((row) => `${row}\n`).join('')}`;
}
