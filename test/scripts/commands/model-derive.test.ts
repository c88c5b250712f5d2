/** `likeness model inspect, normalize, fold, unfold, mix, adapt, conditional` on the bundled model, in this process. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Extraction } from '../../../engine/extract.js';
import { decodeImage } from '../../../engine/image/decode.js';
import type { ModelReport } from '../../../engine/model/inspect-model.js';
import { loadNetworkFolder } from '../../../engine/model/model-folder.js';
import { sha256 } from '../../../engine/sha256.js';
import { addModel } from '../../../scripts/commands/model.js';
import { openTestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';
import { FIRST_MODEL, temporaryFolder, thrownBy } from '../../engine/model/fixtures.js';

/** Runs a command. @returns what it wrote on standard output. */
async function likeness(dataDir: string, ...words: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addModel(program);
  for (const command of program.commands[0]!.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    await program.parseAsync(['model', ...words, '--data-dir', dataDir], { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

async function pictureFolder(count: number): Promise<string> {
  const folder = temporaryFolder();
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.jpg`), await drawPicture(i));
  return folder;
}

/** The descriptor that a model gives one drawn picture. */
async function describeOne(directory: string, inputs?: Record<string, number[]>): Promise<Float32Array> {
  const extraction = new Extraction();
  onTestFinished(() => extraction.close());
  const { manifest } = await loadNetworkFolder(directory);
  const limits = { maxBytes: 1e7, maxPixels: 1e7, timeoutMs: 10_000 };
  const { pixels } = await decodeImage(await drawPicture(1), { limits, preprocess: manifest.preprocess });
  const request = { modelDirectory: directory, pixels, ...(inputs === undefined ? {} : { inputs }) };
  return (await extraction.describe(request)).descriptor;
}

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const loadUsers = (dataDir: string, name: string) => loadNetworkFolder(join(dataDir, 'models', name));

describe('likeness model inspect', () => {
  it('prints a table of stages and sites', async () => {
    const text = await likeness(temporaryFolder(), 'inspect', 'first');
    expect(text).toContain('first: ibn-a, opset 17, 206 nodes, 2.94 M parameters');
    expect(text).toContain('cost 215 M multiply-accumulates (429 M FLOPs) at 144 x 144 px');
    expect(text).toMatch(/^2 +3 body 0 +instance +32 of 64 +3x3 \/2 +Relu +\/body\/body\.2\/n1\/IN/m);
    expect(text.split('\n').filter((line) => /Normalization$/.test(line))).toHaveLength(28);
  });

  it('prints JSON at another size, and writes a picture', async () => {
    const svg = join(temporaryFolder(), 'first.svg');
    const text = await likeness(temporaryFolder(), 'inspect', FIRST_MODEL, '--size', '288', '--json', '--svg', svg);
    const report = JSON.parse(text) as ModelReport & { name: string };
    // four times the points of 144 px, but for stage 4: 9 x 9 in place of 5 x 5
    const macs = 4 * (214_543_360 - 55_705_600) + (81 / 25) * 55_705_600;
    expect([report.name, report.sidePx, report.macs, report.sites.length]).toEqual(['first', 288, macs, 28]);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg [\s\S]*Normalisation of first[\s\S]*<\/svg>\n$/);
  });

  it('refuses a model that is not there, and a picture that cannot be written', async () => {
    const error = await thrownBy(() => likeness(temporaryFolder(), 'inspect', 'absent'));
    expect(error.code).toBe('model_not_found');
    expect(error.message).toContain('got absent; the path of a model folder has a slash (./absent)');
    const refused = await thrownBy(() => likeness(temporaryFolder(), 'inspect', 'first', '--svg', '/absent/a.svg'));
    expect(refused.code).toBe('invalid_request');
  });
});

describe('likeness model normalize', () => {
  it('installs a model that runs, with a new fingerprint, under a name of its own', async () => {
    const dataDir = temporaryFolder();
    const text = await likeness(dataDir, 'normalize', 'first', '--to', 'gn', '--groups', '8', '--stages', '3-4');
    const made = await loadUsers(dataDir, 'first-gn');
    expect(text).toContain(`first-gn  mixed, fingerprint ${made.fingerprint}`);
    expect(made.fingerprint).not.toBe((await loadNetworkFolder(FIRST_MODEL)).fingerprint);
    const derivation = made.manifest.normalization.provenance![0]!;
    expect(derivation.parent.name).toBe('first');
    expect(derivation.passes[0]).toMatchObject({ pass: 'bn-to-gn', options: { groups: 8, stages: [3, 4] } });
    expect(await likeness(dataDir, 'verify', 'first-gn')).toBe('first-gn  sound\n');
  });

  it('makes ibn-b of it: instance norms in the stem and behind the last additions of stages 1 and 2', async () => {
    const dataDir = temporaryFolder();
    const text = await likeness(dataDir, 'normalize', 'small-bn', '--to', 'ibn-b');
    expect(text).toContain('bn-to-in at ');
    expect(text).toContain('add-ibn-b at 2 sites');
    const some = await likeness(dataDir, 'normalize', 'small-bn', '--to', 'ibn-b', '--stages', '2', '--name', 'some');
    expect(some).toContain('add-ibn-b at 1 sites');
    expect(some).not.toContain('bn-to-in');
  });

  it.each([
    ['in', ['--sites', '/head/head.1/BatchNormalization'], 'bn-to-in'],
    ['ibn-a', ['--stages', '4', '--ratio', '0.25', '--order', 'batch-first'], 'bn-to-ibn-a'],
    ['ln', ['--stages', 'stem'], 'bn-to-ln'],
  ])('knows %s', async (kind, words, pass) => {
    const dataDir = temporaryFolder();
    const out = join(temporaryFolder(), 'made');
    await likeness(dataDir, 'normalize', FIRST_MODEL, '--to', kind, ...words, '--name', 'mine', '-o', out);
    const { manifest } = await loadNetworkFolder(out);
    expect([manifest.name, manifest.normalization.provenance![0]!.passes[0]!.pass]).toEqual(['mine', pass]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('takes a list of passes, and values of the inputs that they add', async () => {
    const dataDir = temporaryFolder();
    const steps = JSON.stringify([
      { pass: 'bn-to-in', stages: ['stem'] },
      { pass: 'mix', stages: [1] },
    ]);
    await likeness(dataDir, 'normalize', 'first', '--steps', steps, '--inputs', '{"runWeight":[0.8]}');
    const { manifest } = await loadUsers(dataDir, 'first-normalized');
    expect([manifest.inputs, manifest.normalization.notes]).toEqual([
      { runWeight: [0.8] },
      'bn-to-in at 2 sites; mix at 4 sites',
    ]);
  });

  it.each<[string, string[], string]>([
    ['no site of that kind', ['--to', 'ibn-a'], 'found none'],
    ['no such site', ['--to', 'in', '--sites', 'absent'], 'expected the name of a normalisation site, got absent'],
    ['neither kind nor steps', [], 'expected --to with one of in, ibn-a, gn, ln, ibn-b, or --steps alone'],
    ['both', ['--to', 'in', '--steps', '[{"pass":"fold-bn"}]'], 'or --steps alone'],
    ['groups that divide nothing', ['--to', 'gn', '--groups', '7'], 'expected groups that divide'],
    ['an option of another kind', ['--to', 'in', '--groups', '4'], 'groups'],
    ['sites of ibn-b', ['--to', 'ibn-b', '--sites', 'x'], 'expected --stages alone with --to ibn-b, got --sites'],
    ['a name that is taken', ['--to', 'in', '--name', 'first'], 'expected a name that is free, got first'],
    ['an unknown pass', ['--steps', '[{"pass":"magic"}]'], '--steps'],
  ])('refuses %s, and writes nothing', async (_name, words, reason) => {
    const dataDir = temporaryFolder();
    const error = await thrownBy(() => likeness(dataDir, 'normalize', 'first', ...words));
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain(reason);
    expect(readdirSync(dataDir, { recursive: true })).toEqual([]);
  });

  it.each([
    ['--to', 'magic'],
    ['--stages', '5'],
    ['--ratio', 'half'],
    ['--groups', '0'],
  ])('refuses %s %s', async (flag, value) => {
    await expect(likeness(temporaryFolder(), 'normalize', 'first', flag, value)).rejects.toThrow('is invalid');
  });
});

describe('likeness model fold and mix', () => {
  it('folds', async () => {
    const dataDir = temporaryFolder();
    const text = await likeness(dataDir, 'fold', 'first', '--storage', 'float16');
    expect(text).toContain(
      '  fold-bn at 16 sites\n  not at /body/body.0/n1/BN/BatchNormalization: it reads the output of Slice',
    );
    const { directory } = await loadUsers(dataDir, 'first-folded');
    // float16 keeps the file about as small as the parent's
    const bytes = (folder: string) => readFileSync(join(folder, 'model.onnx')).length;
    expect(bytes(directory) / bytes(FIRST_MODEL)).toBeLessThan(1.05);
  });

  it('unfolds what it folded: norms again, and the same descriptors but for rounding', async () => {
    const dataDir = temporaryFolder();
    const images = await pictureFolder(3);
    await likeness(dataDir, 'fold', 'first', '--stages', '3');
    const text = await likeness(dataDir, 'unfold', 'first-folded', '--stages', '3', '--images', images);
    expect(text).toMatch(/first-folded-unfolded .*\n {2}unfold at \d+ sites/);
    const report = async (name: string) =>
      JSON.parse(await likeness(dataDir, 'inspect', name, '--json')) as ModelReport;
    const batchNorms = async (name: string) =>
      (await report(name)).sites.filter(({ kind, stage }) => kind === 'batch' && stage === 3).length;
    expect(await batchNorms('first-folded')).toBeLessThan(await batchNorms('first'));
    expect(await batchNorms('first-folded-unfolded')).toBe(await batchNorms('first'));
    const [folded, unfolded] = await Promise.all(
      ['first-folded', 'first-folded-unfolded'].map((name) => describeOne(join(dataDir, 'models', name))),
    );
    expect(cosine(folded!, unfolded!)).toBeGreaterThan(0.9999);
    const { provenance } = (await loadUsers(dataDir, 'first-folded-unfolded')).manifest.normalization;
    expect(provenance!.at(-1)!.passes[0]).toMatchObject({ pass: 'unfold', options: { stages: [3], pictures: 3 } });
  });

  it('refuses to unfold where nothing is folded', async () => {
    const images = await pictureFolder(1);
    const words = ['unfold', 'first', '--sites', '/head/head.1/BatchNormalization', '--images', images];
    const error = await thrownBy(() => likeness(temporaryFolder(), ...words));
    expect([error.code, error.message]).toEqual([
      'invalid_request',
      expect.stringContaining('a convolution with bias and no norm behind it'),
    ]);
  });

  it('mixes, one weight a stage with an exception', async () => {
    const dataDir = temporaryFolder();
    await likeness(dataDir, 'mix', 'first', '--per', 'stage', '--stages', 'stem,1', '--run-weight', '0.9,stem=0.5');
    const { manifest } = await loadUsers(dataDir, 'first-mix-0.9');
    expect(manifest.inputs).toEqual({ 'runWeight.stem': [0.5], 'runWeight.1': [0.9] });
    expect(await likeness(dataDir, 'verify', 'first-mix-0.9')).toBe('first-mix-0.9  sound\n');
  });

  it.each([
    ['1.5', 'expected a run weight from 0 to 1, got 1.5'],
    ['0.9,2=0.5', 'one weight holds for all'],
  ])('refuses the weight %s, and writes nothing', async (weight, reason) => {
    const dataDir = temporaryFolder();
    const error = await thrownBy(() => likeness(dataDir, 'mix', 'first', '--run-weight', weight));
    expect([error.code, error.message.includes(reason)]).toEqual(['invalid_request', true]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each(['', 'much', '0.9,stem'])('refuses the weight %j', async (weight) => {
    await expect(likeness(temporaryFolder(), 'mix', 'first', '--run-weight', weight)).rejects.toThrow('is invalid');
  });
});

describe('likeness model adapt', () => {
  it('takes statistics of a folder, or of the same pictures in a collection', async () => {
    const images = await pictureFolder(4);
    writeFileSync(join(images, 'broken.jpg'), 'no picture');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => stderr.mockRestore());
    const test = await openTestEngine();
    for (const i of [0, 1, 2, 3]) await test.engine.get('default').put({ id: String(i), bytes: await drawPicture(i) });
    await test.engine.close();
    const { dataDir } = test;
    const words = ['adapt', 'first', '--stages', 'stem,1'];
    await likeness(dataDir, ...words, '--images', images, '--name', 'of-folder');
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining('skipped broken.jpg [unsupported_format]'));
    await likeness(dataDir, ...words, '--collection', 'default', '--name', 'of-collection');
    const [folder, collection] = [await loadUsers(dataDir, 'of-folder'), await loadUsers(dataDir, 'of-collection')];
    expect(collection.manifest.sha256).toBe(folder.manifest.sha256);
    expect(folder.fingerprint).not.toBe((await loadNetworkFolder(FIRST_MODEL)).fingerprint);
    expect(folder.manifest.normalization).toMatchObject({ kind: 'ibn-a', notes: 'adapt at 6 sites' });
    const { options } = folder.manifest.normalization.provenance![0]!.passes[0]!;
    expect(options).toEqual({ stages: ['stem', 1], method: 'layers', pictures: 4 });
    await test.close();
  });

  it('takes no more pictures than it is told, from all over the folder', async () => {
    const dataDir = temporaryFolder();
    const images = await pictureFolder(4);
    await likeness(
      dataDir,
      'adapt',
      'first',
      '--stages',
      'stem',
      '--images',
      images,
      '--count',
      '2',
      '--method',
      'batch',
    );
    const some = temporaryFolder();
    for (const i of [0, 2]) writeFileSync(join(some, `${i}.jpg`), await drawPicture(i));
    await likeness(
      dataDir,
      'adapt',
      'first',
      '--stages',
      'stem',
      '--images',
      some,
      '--method',
      'batch',
      '--name',
      'same',
    );
    const onnx = async (name: string) => sha256(readFileSync(join(dataDir, 'models', name, 'model.onnx')));
    expect(await onnx('first-adapted')).toBe(await onnx('same'));
  });

  it.each<[string, string[], string, string]>([
    ['no pictures named', [], 'invalid_request', 'expected --images or --collection, got neither'],
    ['both', ['--images', 'a', '--collection', 'b'], 'invalid_request', 'got both'],
    ['a folder that is not there', ['--images', '/absent'], 'file_unreadable', '/absent'],
    ['a folder without pictures', ['--images', 'EMPTY'], 'invalid_request', 'expected at least one picture'],
  ])('refuses %s, and writes nothing', async (_name, words, code, reason) => {
    const dataDir = temporaryFolder();
    const empty = join(temporaryFolder(), 'empty');
    mkdirSync(empty);
    const paths = words.map((word) => (word === 'EMPTY' ? empty : word));
    const error = await thrownBy(() => likeness(dataDir, 'adapt', 'first', ...paths));
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('likeness model conditional', () => {
  it('has the statistics of each domain in a row of its own', async () => {
    const dataDir = temporaryFolder();
    const [bright, dark] = [temporaryFolder(), temporaryFolder()];
    for (const [folder, first] of [[bright, 0] as const, [dark, 5] as const])
      for (let i = first; i < first + 3; i++) writeFileSync(join(folder, `${i}.jpg`), await drawPicture(i));
    const words = [
      'conditional',
      'first',
      '--stages',
      'stem',
      '--domain',
      `shop=${bright}`,
      '--domain',
      `street=${dark}`,
    ];
    expect(await likeness(dataDir, ...words)).toContain('conditional-bn at 2 sites');
    const { manifest, directory } = await loadUsers(dataDir, 'first-conditional');
    expect(manifest.inputs).toEqual({ condition: [0] });
    expect(manifest.normalization.provenance![0]!.passes[0]!.options).toEqual({
      ...{ input: 'condition', conditions: 2, domains: ['shop', 'street'], pictures: [3, 3] },
    });
    for (const [i, folder] of [bright, dark].entries()) {
      const name = `of-${i}`;
      await likeness(dataDir, 'adapt', 'first', '--stages', 'stem', '--images', folder, '--name', name);
      const [adapted, conditional] = await Promise.all([
        describeOne(join(dataDir, 'models', name)),
        describeOne(directory, { condition: [i] }),
      ]);
      expect(cosine(adapted, conditional)).toBeGreaterThan(0.99999);
    }
    expect(cosine(await describeOne(directory), await describeOne(directory, { condition: [1] }))).toBeLessThan(
      0.99999,
    );
  });

  it.each<[string, string[]]>([
    ['one domain', ['--domain', 'a=FOLDER']],
    ['two of one name', ['--domain', 'a=FOLDER', '--domain', 'a=FOLDER']],
  ])('refuses %s', async (_name, words) => {
    const folder = await pictureFolder(1);
    const given = words.map((word) => word.replace('FOLDER', folder));
    const error = await thrownBy(() => likeness(temporaryFolder(), 'conditional', 'first', ...given));
    expect(error.message).toContain('expected at least two domains of different names');
  });
});
