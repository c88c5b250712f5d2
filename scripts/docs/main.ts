/**
 * Writes the parts of the manual that are made from the code into docs/. A test fails when they are out of date.
 *
 *     npm run docs
 */
import { readFile, writeFile } from 'node:fs/promises';
import { generatedParts } from './generated-parts.js';
import { fillGenerated } from './fill-generated.js';
import { manualPages } from './manual-pages.js';

const parts = await generatedParts();
for (const page of await manualPages()) {
  const text = await readFile(page, 'utf8');
  const filled = fillGenerated(text, parts);
  if (filled !== text) await writeFile(page, filled);
}
