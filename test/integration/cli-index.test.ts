import { readFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

interface LedgerLine {
  id: string;
  outcome: string;
  code?: string;
  message?: string;
}

async function ledgerLines(dataDir: string): Promise<LedgerLine[]> {
  const [file] = await readdir(join(dataDir, 'ledgers'));
  const lines = (await readFile(join(dataDir, 'ledgers', file!), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as LedgerLine);
}

/** A folder as people have them: pictures on two levels, a broken one, one of a wrong name, other files. */
async function gallery(): Promise<string> {
  const folder = join(await tempFolder(), 'Gallery');
  await writePictures(folder, { 'one.jpg': 1, 'two.jpg': 2, 'sub/three.jpg': 3, 'sub/deep/four.jpg': 4, 'cut.jpg': 5 });
  await truncate(join(folder, 'cut.jpg'), 700);
  await writeFile(join(folder, 'notes.txt'), 'no picture');
  await writeFile(join(folder, 'phone.heic'), 'no name of a picture that is read');
  await writeFile(join(folder, 'renamed.jpg'), Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'latin1'));
  return folder;
}

describe('likeness index, search, stats, remove, verify', () => {
  it('do the main job', { timeout: 120_000 }, async () => {
    const folder = await gallery();
    const dataDir = join(await tempFolder(), 'data');
    const cli = (...args: string[]) => runCli([...args, '--data-dir', dataDir]);
    const index = (...args: string[]) => cli('index', folder, '--folder-field', 'folder', ...args);

    const first = await index();
    expect(first).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^4 added, 0 replaced, 0 unchanged, 2 rejected, 0 deleted\nledger: /) as string,
    });
    // no terminal: plain lines, the last one complete
    expect(first.stderr).toMatch(/^6\/6 100% \d+ img\/s, 2 rejected$/m);
    expect(first.stderr).not.toContain('\u001b');
    const rejected = (await ledgerLines(dataDir)).filter(({ outcome }) => outcome === 'rejected');
    expect(Object.fromEntries(rejected.map(({ id, code }) => [id, code]))).toEqual({
      'cut.jpg': 'truncated_image',
      'renamed.jpg': 'unsupported_format',
    });
    expect(rejected.find(({ id }) => id === 'renamed.jpg')?.message).toMatch(/HEIC/);

    expect((await index()).stdout).toMatch(/^0 added, 0 replaced, 4 unchanged, 2 rejected/);

    // one rejected picture is mended, one stored is drawn anew, one renamed: its old id stays until asked
    await writePictures(folder, { 'cut.jpg': 5, 'one.jpg': 11 });
    await rm(join(folder, 'renamed.jpg'));
    await rename(join(folder, 'two.jpg'), join(folder, 'second.jpg'));
    const dry = await index('--dry-run', '--delete-missing');
    expect(dry).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('would be: 2 added, 1 replaced, 2 unch') as string,
    });
    const told = dry.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerLine);
    expect(told.filter(({ outcome }) => outcome === 'deleted').map(({ id }) => id)).toEqual(['two.jpg']);
    expect(JSON.parse((await cli('stats', '--json')).stdout)).toMatchObject([{ images: 4, sequence: 4 }]);
    expect((await index('--retry-rejected')).stdout).toMatch(/^1 added, 0 replaced, 0 unchanged, 0 rejected/);
    expect((await index('--delete-missing')).stdout).toMatch(
      /^1 added, 1 replaced, 3 unchanged, 0 rejected, 1 deleted/,
    );

    const query = join(folder, 'sub/three.jpg');
    const sheet = join(dataDir, 'sheet.html');
    const table = await cli('search', query, '-k', '3', '--html', sheet);
    expect(table.stdout).toMatch(
      /^rank {3}score {2}id\n {3}1 {2}1\.0000 {2}sub\/three\.jpg {2}\(identical\)\n {3}2 {2}/,
    );
    expect(table.stdout.trim().split('\n')).toHaveLength(5);
    const html = await readFile(sheet, 'utf8');
    expect(html.match(/data:image\/webp;base64,/g)).toHaveLength(4);
    const options = ['--filter', '{"folder": "deep"}', '--region', '0,0,0.5,1', '--json'];
    const json = JSON.parse((await cli('search', query, ...options)).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({
      plan: 'exact-filtered',
      queries: [{ region: { x: 0, y: 0, width: 48, height: 96 } }],
      hits: [{ id: 'sub/deep/four.jpg', metadata: { folder: 'deep' }, score: expect.any(Number) as number }],
    });

    const [other, third] = [join(folder, 'sub/deep/four.jpg'), join(folder, 'one.jpg')];
    const towards = await cli('search', query, '--with', other, '--without', third, '--json');
    expect(JSON.parse(towards.stdout)).toMatchObject({ queries: [{ weight: 1 }, { weight: 1 }, { weight: -0.25 }] });

    const drawing = join(dataDir, 'subjects.svg');
    const found = await cli('subjects', query, '--json', '--svg', drawing);
    expect(JSON.parse(found.stdout)).toMatchObject({ subjects: expect.any(Array) as unknown[], width: 96, height: 96 });
    expect(await readFile(drawing, 'utf8')).toContain('viewBox="0 0 96 96"');
    const bySubject = await cli('search', query, '--subject', '--context', '0.1', '--json');
    expect(JSON.parse(bySubject.stdout)).toHaveProperty('subjects');
    const sides = await cli('search', query, '--region', '0,0,0.5,1', '--region', '0.5,0,0.5,1', '--json');
    expect(JSON.parse(sides.stdout)).toMatchObject({ queries: [{ region: { x: 0 } }, { region: { x: 48 } }] });

    const removed = await cli('remove', 'second.jpg', 'nobody');
    expect(removed).toMatchObject({ code: 1, stdout: 'deleted  second.jpg\nno such image  nobody\n' });
    expect(await cli('verify')).toMatchObject({ code: 0, stdout: 'sound\n' });
    await rm(join(folder, 'one.jpg'));
    expect(await cli('verify')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^original: .*one\.jpg.*\n1 faults, 1 left\n$/) as string,
    });
  });
});
