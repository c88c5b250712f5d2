import { descriptorDimension } from './descriptor-dimension.js';
import { LikenessError } from './errors.js';
import type { DescriptorRequest } from './model/descriptor-request.js';
import { fingerprint } from './model/fingerprint.js';
import type { Manifest } from './model/manifest.js';
import { checkManifest, type LoadedManifest } from './model/model-folder.js';
import { resolveChain } from './model/resolve-chain.js';

/**
 * A model that makes its descriptors as was asked, from the same network and files.
 * @throws invalid_request if the chain does not fit the model or itself.
 */
export function customModel(model: LoadedManifest, request: DescriptorRequest): LoadedManifest {
  const manifest = customManifest(model.manifest, request);
  return { ...model, manifest, fingerprint: fingerprint(manifest) };
}

/** As {@link customModel}, of a manifest alone. */
export function customManifest(manifest: Manifest, { chain, scales }: DescriptorRequest): Manifest {
  const changed = {
    ...manifest,
    ...(scales === undefined ? {} : { preprocess: { ...manifest.preprocess, scales: unlessPlain(scales) } }),
    ...(chain === undefined ? {} : chainOf(manifest, chain)),
  };
  return checkManifest(changed, manifest.name);
}

function chainOf(
  manifest: Manifest,
  request: NonNullable<DescriptorRequest['chain']>,
): Pick<Manifest, 'chain' | 'dimension'> {
  const chain = resolveChain(request, manifest);
  try {
    return { chain, dimension: descriptorDimension(manifest, chain) };
  } catch (error) {
    throw new LikenessError('invalid_request', (error as Error).message, { cause: error });
  }
}

/** One scale of 1 is what a manifest without scales says. */
function unlessPlain(scales: number[]): number[] | undefined {
  return scales.every((scale) => scale === 1) ? undefined : scales;
}
