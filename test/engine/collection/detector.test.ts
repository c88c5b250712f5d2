import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Engine } from '../../../engine/engine.js';
import { engineConfigSchema } from '../../../engine/config.js';
import { Detectors } from '../../../engine/model/detector-folder.js';
import { packageRoot } from '../../../engine/package-root.js';
import { tryDetector } from '../../../engine/try-detector.js';
import { tempFolder } from '../../support/temp-folder.js';
import { thrownBy } from '../model/fixtures.js';

const SHARED = join(packageRoot(), '..', 'shared');
const YOLOX = join(SHARED, 'models', 'reference', 'yolox-nano-416.onnx');
const PHOTOGRAPHS = join(SHARED, 'data', 'dev', 'pacs', 'photo');

/** Names of the COCO classes that the test looks at; the others by number. */
const NAMED: Record<number, string> = { 0: 'person', 16: 'dog', 17: 'horse', 20: 'elephant', 23: 'giraffe' };
const MANIFEST = {
  ...{ format: 1, kind: 'detector', name: 'yolox-nano', licence: 'Apache-2.0' },
  input: { name: 'images', channelOrder: 'bgr', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  size: 416,
  output: { name: 'output', layout: 'yolox' },
  classes: Array.from({ length: 80 }, (_, i) => NAMED[i] ?? `class ${i}`),
};

const isThere = existsSync(YOLOX) && existsSync(PHOTOGRAPHS);
if (!isThere) console.log(`skipped: expected ${YOLOX} and photographs in ${PHOTOGRAPHS}`);

describe.skipIf(!isThere)('a detector', { timeout: 60_000 }, () => {
  async function install(manifest: object = MANIFEST) {
    const dataDir = await tempFolder();
    const manifestFile = join(dataDir, 'detector.json');
    await writeFile(manifestFile, JSON.stringify(manifest));
    const detectors = new Detectors(dataDir);
    return { dataDir, detectors, add: () => detectors.add(YOLOX, manifestFile, tryDetector) };
  }

  it('finds what photographs show, in place of the activation', async () => {
    const { dataDir, detectors, add } = await install();
    await add();
    expect(await detectors.names()).toEqual(['yolox-nano']);
    const config = engineConfigSchema.parse({ dataDir, model: 'first', detector: 'yolox-nano', inferenceThreads: 1 });
    const engine = await Engine.open(config, { command: 'test' });
    onTestFinished(() => engine.close());
    const collection = engine.get('default');
    for (const name of ['giraffe', 'horse', 'dog']) {
      const [file] = (await readdir(join(PHOTOGRAPHS, name))).sort();
      const bytes = await readFile(join(PHOTOGRAPHS, name, file!));
      const { subjects, facts } = await collection.findSubjects(bytes);
      expect(
        subjects.map(({ label }) => label),
        `${name}/${file}`,
      ).toContain(name);
      for (const { box } of subjects) {
        expect(box.x + box.width).toBeLessThanOrEqual(facts.width);
        expect(box.y + box.height).toBeLessThanOrEqual(facts.height);
      }
    }
  });

  it('is refused where its manifest does not fit the network, or the name is taken', async () => {
    const wrong = await install({ ...MANIFEST, classes: ['cat'] });
    const error = await thrownBy(wrong.add);
    expect([error.code, error.message]).toEqual([
      'model_invalid',
      'detector yolox-nano: expected output output to be [1,3549,6], found [1,3549,85]',
    ]);
    expect(await wrong.detectors.names()).toEqual([]);
    const { detectors, add } = await install();
    await add();
    expect((await thrownBy(add)).code).toBe('invalid_request');
    await detectors.remove('yolox-nano');
    expect((await thrownBy(() => detectors.load('yolox-nano'))).code).toBe('model_not_found');
  });
});
