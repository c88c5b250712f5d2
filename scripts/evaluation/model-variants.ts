import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { customManifest } from '../../engine/custom-model.js';
import { LikenessError } from '../../engine/errors.js';
import type { DescriptorRequest } from '../../engine/model/descriptor-request.js';
import { isNetwork, type Manifest } from '../../engine/model/manifest.js';
import { MANIFEST_FILE, modelFiles, checkManifest, type LoadedManifest } from '../../engine/model/model-folder.js';
import { parseChain, parseScales } from '../chain-text.js';

/** One thing that is changed in a manifest, such as `size=176`. */
export interface Variation {
  name: string;
  apply: (manifest: Manifest) => Manifest;
}

const AXES: Record<string, (value: string) => Variation['apply']> = {
  size: (value) => (manifest) => ({ ...manifest, preprocess: { ...manifest.preprocess, size: Number(value) } }),
  chain: (value) => (value === 'own' ? (manifest) => manifest : customized({ chain: parseChain(value) })),
  scales: (value) => customized({ scales: parseScales(value) }),
};

/**
 * @param axes such as `size=144,176`, `scales=1,1+0.5` and `chain=own,mac,gem:4+projection`: `own` is the manifest's chain,
 * `projection` its projection; l2 comes last by itself
 * @returns every combination of their values; without axes a single one that changes nothing
 * @throws `invalid_request` for another axis, one without values, or a stage that is none
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
    const names = [...Object.keys(AXES), 'ranking', 'dba'].map((name) => `${name}=VALUE,VALUE`);
    throw new LikenessError('invalid_request', `--sweep: expected ${names.join(' or ')}, got ${axis}`);
  }
  return values.map((value) => ({ name: `${key}=${value}`, apply: make(value) }));
}

/** A projection that the model lacks is found when it is applied. */
function customized(request: DescriptorRequest): Variation['apply'] {
  return (manifest) => customManifest(manifest, request);
}

/** runWeight is every run weight of a mixed network; runWeight.stem or runWeight.SITE is that one. */
function runWeight(key: string): (value: string) => Variation['apply'] {
  return (value) => (manifest) => {
    const inputs = isNetwork(manifest) ? (manifest.inputs ?? {}) : {};
    const names = Object.keys(inputs).filter((name) => name === key || name.startsWith(`${key}.`));
    if (names.length > 0)
      return {
        ...manifest,
        inputs: { ...inputs, ...Object.fromEntries(names.map((name) => [name, [Number(value)]])) },
      };
    const message = `--sweep: expected a model with an input ${key}, as model mix makes it, got ${manifest.name}`;
    throw new LikenessError('invalid_request', message);
  };
}

/** Writes a model folder with a changed manifest; its files are links to the model's. @returns the folder */
export async function writeVariant(model: LoadedManifest, variations: Variation[], folder: string): Promise<string> {
  const changed = variations.reduce((manifest, { apply }) => apply(manifest), model.manifest);
  const manifest = checkManifest(changed, `${model.manifest.name} (${namesOf(variations)})`);
  await mkdir(folder, { recursive: true });
  for (const { file } of modelFiles(manifest)) await symlink(join(model.directory, file), join(folder, file));
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
  return folder;
}

/** @returns such as `size=176 chain=mac`. */
export function namesOf(variations: readonly Variation[]): string {
  return variations.map(({ name }) => name).join(' ');
}
