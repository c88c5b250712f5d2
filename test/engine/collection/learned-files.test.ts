import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LearnedFiles } from '../../../engine/collection/learned-files.js';
import { tempFolder } from '../../support/temp-folder.js';

const schema = z.strictObject({ weights: z.array(z.number()) });
const VALUE = { weights: [0.25, -1] };

function learned(folder: string): { files: LearnedFiles; events: string[] } {
  const events: string[] = [];
  return { files: new LearnedFiles({ folder, log: (event) => events.push(event) }), events };
}

describe('learned files', () => {
  it('gives back what was written, to others that look later too', async () => {
    const folder = join(await tempFolder(), 'learned');
    const { files } = learned(folder);
    expect(await files.read('head', schema)).toBeUndefined();
    await files.write('head', VALUE);
    expect(await files.read('head', schema)).toEqual(VALUE);
    expect(await learned(folder).files.read('head', schema)).toEqual(VALUE);
    await files.remove('head');
    expect(await files.read('head', schema)).toBeUndefined();
  });

  it.each([
    ['a flipped digit', (text: string) => text.replace('0.25', '0.75')],
    ['a cut end', (text: string) => text.slice(0, -9)],
    ['a value of another shape', () => JSON.stringify({ sha256: 'x', value: '{}' })],
  ])('puts a file with %s aside and tells of it', async (_fault, damage) => {
    const folder = await tempFolder();
    await learned(folder).files.write('head', VALUE);
    const file = join(folder, 'head.json');
    await writeFile(file, damage(await readFile(file, 'utf8')));
    const { files, events } = learned(folder);
    expect(await files.read('head', schema)).toBeUndefined();
    expect(events).toEqual(['learned-file-damaged']);
    expect(await readdir(folder)).toEqual(['head.json.damaged']);
  });
});
