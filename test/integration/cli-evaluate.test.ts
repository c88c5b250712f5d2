import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportFromJson } from '../../engine/evaluate/report/report-json.js';
import { packageRoot } from '../../engine/package-root.js';
import { runCli } from '../support/cli.js';
import { BUNDLED_MODELS } from '../support/bundled-models.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

/** Twins: the same drawing twice in each class, so that an untouched query finds its twin first. */
const PICTURES = { 'a/1.jpg': 4, 'a/2.jpg': 4, 'b/1.jpg': 9, 'b/2.jpg': 9, 'c/1.jpg': 20, 'c/2.jpg': 20 };

describe('likeness evaluate', { timeout: 90_000 }, () => {
  it('measures models, chains and changes of appearance', async () => {
    const folder = await tempFolder();
    await writePictures(join(folder, 'set'), PICTURES);
    await writePictures(folder, { 'art.jpg': 31 });
    const cli = (...args: string[]) => runCli(['evaluate', join(folder, 'set'), ...args], { cwd: folder });
    const files = ['--json', 'r.json', '--html', 'r.html'];
    const changes = ['--transforms', 'art-colours,jpeg-30,crop-70', '--art', 'art.jpg'];
    const swept = await cli('--sweep', 'chain=own,mac', '--metrics', 'ap,recall-hit@1', ...changes, ...files);
    expect(swept.stderr).toBe('');
    expect(swept.code).toBe(0);
    expect(swept.stdout).toMatch(/^leave-one-out: 6 queries against 6 pictures\n/);
    expect(swept.stdout).toMatch(/^first chain=own +1\.000 \[1\.000, 1\.000\]/m);
    const report = reportFromJson(await readFile(join(folder, 'r.json'), 'utf8'));
    expect(report.systems.map(({ name }) => name)).toEqual(['first chain=own', 'first chain=mac']);
    expect(report.systems[0]!.runs.map(({ transform }) => transform)).toEqual([
      'none',
      'art-colours',
      'jpeg-30',
      'crop-70',
    ]);
    const ranked = await cli('--sweep', 'ranking=none,alpha-qe:n=1', '--metrics', 'ap');
    expect(ranked.stdout).toMatch(/^first ranking=none +1\.000 .* search \d+\.\d$/m);
    expect(ranked.stdout).toMatch(/^first ranking=alpha-qe:n=1 +1\.000 .* search \d+\.\d, alpha-qe \d+\.\d$/m);
    const { ap } = report.systems[0]!.runs[0]!.values;
    expect(ap).toEqual([1, 1, 1, 1, 1, 1]);
    const html = await readFile(join(folder, 'r.html'), 'utf8');
    expect(html.match(/data:image\/webp;base64,/g)!.length).toBeGreaterThanOrEqual(6);
  });

  it('takes model folders, galleries and lists, and says what is wrong', async () => {
    const folder = await tempFolder();
    await writePictures(join(folder, 'set'), PICTURES);
    await writePictures(join(folder, 'broken'), { 'a/1.jpg': 1, 'a/2.jpg': 2 });
    await writeFile(join(folder, 'broken/a/2.jpg'), 'no picture');
    await writeFile(
      join(folder, 'list.ndjson'),
      '{"query": "a/1.jpg", "relevant": ["a/2.jpg"], "junk": ["b/1.jpg"]}\n',
    );
    const run = (args: string[]) => runCli(['evaluate', ...args], { cwd: folder });
    const model = join(packageRoot(), 'models', 'first');
    const [byFolder, listed, ...wrong] = await Promise.all([
      run([
        'set',
        '--gallery',
        'set',
        '--limit-per-class',
        '1',
        '--model',
        model,
        '--model',
        'first',
        '--sweep',
        'size=96',
      ]),
      run(['set', '--list', 'list.ndjson']),
      run(['broken']),
      run(['set', '--transforms', 'upside-down']),
      run(['set', '--model', 'nobody']),
      run(['set', '--json', 'nowhere/r.json']),
    ]);
    expect(byFolder.stderr).toMatch(/^error \[invalid_request\]: expected each system once, got first size=96 twice/);
    expect(listed.stdout).toMatch(/^list-file: 1 queries against 6 pictures\n/);
    expect(wrong.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(wrong[0].stderr).toMatch(/^error \[unsupported_format\]: a\/2\.jpg: /);
    expect(wrong[1].stderr).toMatch(
      /^error \[invalid_request\]: --transforms: expected names of rgb\+50, .*got upside-down/,
    );
    const installed = BUNDLED_MODELS.join(', ');
    expect(wrong[2].stderr).toMatch(`error [model_not_found]: expected an installed model (${installed}), got nobody`);
    expect(wrong[3].stderr).toMatch(/^error \[invalid_request\]: expected a file that can be written at .*nowhere/);
  });
});
