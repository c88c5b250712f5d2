import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPairs } from '../../../scripts/indexing/pairs-file.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('readPairs', () => {
  it('takes paths from the folder of the file, and names the file when it is no CSV of pairs', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'pairs.csv');
    await writeFile(file, 'a,b\none.jpg,sub/two.jpg\n/three.jpg,one.jpg\n');
    expect(await readPairs(file)).toEqual([
      [join(folder, 'one.jpg'), join(folder, 'sub/two.jpg')],
      ['/three.jpg', join(folder, 'one.jpg')],
    ]);
    await writeFile(file, 'left,right\none.jpg,two.jpg\n');
    await expect(readPairs(file)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(file) as string,
    });
  });
});
