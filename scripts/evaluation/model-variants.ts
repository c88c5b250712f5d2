import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../../engine/errors.js';
import { manifestSchema, type ChainStage, type Manifest } from '../../engine/model/manifest.js';
import { MANIFEST_FILE, modelFiles, parseManifest, type LoadedManifest } from '../../engine/model/model-folder.js';

/** One thing that is changed in a manifest, such as `size=176`. */
export interface Variation {
  name: string;
  apply: (manifest: Manifest) => Manifest;
}

const AXES: Record<string, (value: string) => Variation['apply']> = {
  size: (value) => (manifest) => ({ ...manifest, preprocess: { ...manifest.preprocess, size: Number(value) } }),
  chain: (value) => (manifest) => withChain(manifest, value),
};

/**
 * @param axes such as `size=144,176` and `chain=own,mac,gem:4+projection`: `own` is the manifest's chain, `projection` its
 * projection; l2 comes last by itself
 * @returns every combination of their values; without axes a single one that changes nothing
 * @throws `invalid_request` for another axis, or one without values
 */
export function combineVariations(axes: readonly string[]): Variation[][] {
  return axes
    .map(parseAxis)
    .reduce<Variation[][]>(
      (combinations, axis) => combinations.flatMap((chosen) => axis.map((variation) => [...chosen, variation])),
      [[]],
    );
}

function parseAxis(axis: string): Variation[] {
  const [key = '', list = ''] = axis.split('=', 2);
  const values = list.split(',').filter((value) => value !== '');
  const make = key.startsWith('runWeight') ? runWeight(key) : Object.hasOwn(AXES, key) ? AXES[key] : undefined;
  if (make === undefined || values.length === 0) {
    const names = Object.keys(AXES).map((name) => `${name}=VALUE,VALUE`);
    throw new LikenessError('invalid_request', `--sweep: expected ${names.join(' or ')}, got ${axis}`);
  }
  return values.map((value) => ({ name: `${key}=${value}`, apply: make(value) }));
}

/** @throws `invalid_request` for a stage that is none, or a projection that the model lacks */
function withChain(manifest: Manifest, text: string): Manifest {
  if (text === 'own') return manifest;
  const stages = text.split('+').map((stage) => parseStage(stage, manifest));
  const outputs = stages.find((stage) => stage.stage === 'projection')?.outputs;
  return { ...manifest, chain: [...stages, { stage: 'l2' }], dimension: outputs ?? manifest.output.channels };
}

function parseStage(text: string, { name, chain }: Manifest): ChainStage {
  const [stage, p] = text.split(':', 2);
  if (stage === 'mac' || stage === 'spoc') return { stage };
  if (stage === 'gem') return { stage, p: Number(p ?? 3), eps: 1e-6 };
  const own = chain.find((candidate) => candidate.stage === 'projection');
  if (stage === 'projection' && own !== undefined) return own;
  const problem = stage === 'projection' ? `model ${name} has no projection` : `got ${text}`;
  throw new LikenessError(
    'invalid_request',
    `chain: expected own, or mac, spoc, gem[:p], projection joined by +; ${problem}`,
  );
}

/** runWeight is every run weight of a mixed network; runWeight.stem or runWeight.SITE is that one. */
function runWeight(key: string): (value: string) => Variation['apply'] {
  return (value) => (manifest) => {
    const names = Object.keys(manifest.inputs ?? {}).filter((name) => name === key || name.startsWith(`${key}.`));
    if (names.length > 0)
      return {
        ...manifest,
        inputs: { ...manifest.inputs, ...Object.fromEntries(names.map((name) => [name, [Number(value)]])) },
      };
    const message = `--sweep: expected a model with an input ${key}, as model mix makes it, got ${manifest.name}`;
    throw new LikenessError('invalid_request', message);
  };
}

/** Writes a model folder with a changed manifest; its files are links to the model's. @returns the folder */
export async function writeVariant(model: LoadedManifest, variations: Variation[], folder: string): Promise<string> {
  const changed = variations.reduce((manifest, { apply }) => apply(manifest), model.manifest);
  const manifest = parseManifest(manifestSchema, changed, `${model.manifest.name} (${namesOf(variations)})`);
  await mkdir(folder, { recursive: true });
  for (const { file } of modelFiles(manifest)) await symlink(join(model.directory, file), join(folder, file));
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
  return folder;
}

/** @returns such as `size=176 chain=mac`. */
export function namesOf(variations: readonly Variation[]): string {
  return variations.map(({ name }) => name).join(' ');
}
