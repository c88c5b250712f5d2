/**
 * Draws the demo gallery: a few hundred pictures in folders by kind, and a few query pictures that are not among them.
 * Usage: npm run demo [-- folder for the gallery [folder for the queries]]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Kind } from './kind.js';
import { KINDS } from './kinds.js';
import { drawPicture } from './picture.js';

const PER_KIND = 15;
const QUERIES = ['mug', 'sneaker', 'guitar', 'butterfly', 'mountain-lake', 'night-city'];

// npm runs scripts in the package's folder; paths are meant from where the user stood
const startedIn = process.env['INIT_CWD'] ?? process.cwd();
const gallery = resolve(startedIn, process.argv[2] ?? 'demo-images');
const queries = resolve(startedIn, process.argv[3] ?? 'demo-queries');

async function writePicture(path: string, kind: Kind, seed: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await drawPicture(kind, seed));
}

for (const kind of KINDS) {
  const numbers = Array.from({ length: PER_KIND }, (_, i) => String(i + 1).padStart(2, '0'));
  await Promise.all(
    numbers.map((number) => writePicture(join(gallery, kind.name, `${kind.name}-${number}.jpg`), kind, number)),
  );
}
for (const kind of KINDS.filter(({ name }) => QUERIES.includes(name))) {
  await writePicture(join(queries, `${kind.name}.jpg`), kind, 'query');
}
console.log(`${KINDS.length * PER_KIND} pictures of ${KINDS.length} kinds in ${gallery}`);
console.log(`${QUERIES.length} pictures to search with in ${queries}`);
