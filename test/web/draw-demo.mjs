/**
 * Draws some pictures of the demo gallery, in a process of its own: beside the engine, sharp reads no SVG.
 * Usage: node draw-demo.mjs FOLDER KIND:SEED...
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../dist/scripts/demo/kinds.js';
import { drawPicture } from '../../dist/scripts/demo/picture.js';

const [folder, ...wanted] = process.argv.slice(2);
await Promise.all(
  wanted.map(async (name) => {
    const [kind, seed] = name.split(':');
    const picture = await drawPicture(
      KINDS.find((candidate) => candidate.name === kind),
      seed,
    );
    writeFileSync(join(folder, `${kind}-${seed}.jpg`), picture);
  }),
);
