import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';
import { runCli } from '../support/cli.js';
import { BUNDLED_MODELS } from '../support/bundled-models.js';
import { writePictures } from '../support/gallery.js';
import { tempFolder } from '../support/temp-folder.js';

const FIRST = join(packageRoot(), 'models', 'first');
const ONNX = join(FIRST, 'model.onnx');

describe('likeness model, reembed, doctor', () => {
  it('add a model and change a collection to it', { timeout: 120_000 }, async () => {
    const folder = await tempFolder();
    const dataDir = join(folder, 'data');
    const cli = (...args: string[]) => runCli([...args, '--data-dir', dataDir]);
    const manifest = JSON.parse(await readFile(join(FIRST, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    const draft = async (name: string, changes: Record<string, unknown>): Promise<string> => {
      const chain = [{ stage: 'gem', p: 3 }, { stage: 'l2' }];
      const text = { ...manifest, sha256: undefined, chain, dimension: 512, name, ...changes };
      await writeFile(join(folder, `${name}.json`), JSON.stringify(text));
      return join(folder, `${name}.json`);
    };

    // a draft without hashes is completed; a wrong one leaves nothing behind
    expect(await cli('model', 'add', ONNX, '--manifest', await draft('second', {}))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^added second, fingerprint [0-9a-f]{32}, in /) as string,
    });
    const refused = async (onnx: string, file: string) => (await cli('model', 'add', onnx, '--manifest', file)).stderr;
    expect(await refused(ONNX, await draft('narrow', { dimension: 100 }))).toMatch(
      /^error \[model_invalid\]: .*expected dimension 512 of its chain, got 100/,
    );
    expect(await refused(await draft('text', {}), await draft('text', {}))).toMatch(/^error \[model_invalid\]: /);
    expect(await refused(ONNX, await draft('first', {}))).toMatch(/^error \[invalid_request\]: .*got first/);
    const names = [...BUNDLED_MODELS, 'second'].sort();
    const listed = (await cli('model', 'list')).stdout;
    expect([...listed.matchAll(/^(\S+) .*(?:bundled|added) {2}\d+ numbers/gm)].map((it) => it[1])).toEqual(names);
    expect(listed).toMatch(/^first {2}bundled {2}256 numbers[^]*^second {2}added {2}512 numbers/m);
    expect(listed).toMatch(/^small-bn-2 \(default\) {2}bundled /m);
    expect((await cli('model', 'verify')).stdout).toBe(names.map((name) => `${name}  sound\n`).join(''));

    await writePictures(join(folder, 'pictures'), { 'a.jpg': 1, 'b.jpg': 2 });
    const index = (...args: string[]) => cli('index', join(folder, 'pictures'), ...args);
    expect((await index()).code).toBe(0);
    const mismatch = await index('--model', 'second');
    expect(mismatch.code).toBe(1);
    expect(mismatch.stderr).toMatch(
      /^error \[fingerprint_mismatch\]: collection default was made with model first \(\w{32}\), not with second \(\w{32}\); .*likeness reembed --collection default --model second$/m,
    );
    // a configured model is for new collections and stands in nobody's way
    const pictures = join(folder, 'pictures');
    const configured = { env: { LIKENESS_MODEL: 'second' } };
    expect((await runCli(['index', pictures, '--data-dir', dataDir], configured)).code).toBe(0);
    expect((await cli('reembed', '--model', 'second')).stdout).toMatch(/^2 images, fingerprint \w{32} -> \w{32}\n$/);
    expect((await index('--model', 'second')).stdout).toMatch(/^0 added, 0 replaced, 2 unchanged/);
    expect(JSON.parse((await cli('stats', '--json')).stdout)).toMatchObject([{ model: 'second', dimension: 512 }]);

    expect(await cli('model', 'remove', 'second')).toMatchObject({ code: 0, stdout: 'removed second\n' });
    expect((await cli('model', 'remove', 'first')).stderr).toMatch(/^error \[forbidden\]: /);
    // the collection has a copy of its own
    expect((await cli('search', join(folder, 'pictures/b.jpg'))).stdout).toMatch(/ 1 {2}1\.0000 {2}b\.jpg/);
    const doctor = await cli('doctor');
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/^ok {4}node [^]*^ok {4}model {11}first, 256 numbers/m);
    expect(await cli('doctor', '--model', 'second')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        `BAD   model           expected an installed model (${BUNDLED_MODELS.join(', ')}), got second\n`,
      ) as string,
    });
  });
});
