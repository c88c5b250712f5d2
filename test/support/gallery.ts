import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { drawPicture } from './pictures.js';

/** Writes drawn pictures: a seed for each path. */
export async function writePictures(folder: string, pictures: Record<string, number>): Promise<void> {
  for (const [name, seed] of Object.entries(pictures)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), await drawPicture(seed, { width: 96, height: 96 }));
  }
}
