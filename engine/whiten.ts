import { LikenessError } from './errors.js';
import { refuseTooLong } from './learning/covariance-limit.js';
import type { LinearMap } from './learning/linear-map.js';
import { Moments } from './learning/moments.js';
import { pairWhitening } from './learning/pair-whitening.js';
import { pcaWhitening, type WhiteningOptions } from './learning/pca-whitening.js';
import { projectionBytes } from './learning/linear-map.js';
import type { ChainStage } from './model/chain-stage.js';
import type { TryModel } from './model/add-model.js';
import { deriveChain } from './model/derive-chain.js';
import type { LoadedManifest } from './model/model-folder.js';
import { newProjection } from './model/new-files.js';
import { withChain } from './projected-model.js';

/** What a whitening is learned from. */
export type WhiteningExamples =
  { kind: 'pictures'; vectors: Float32Array[] } | { kind: 'pairs'; pairs: [Float32Array, Float32Array][] };

/** @returns the chain up to its first projection, ended by l2: what a whitening is learned behind. */
export function pooledChain(chain: readonly ChainStage[]): ChainStage[] {
  const first = chain.findIndex(({ stage }) => stage === 'projection');
  const pooled = first < 0 ? [...chain] : chain.slice(0, first);
  return pooled.at(-1)?.stage === 'l2' ? pooled : [...pooled, { stage: 'l2' }];
}

/** @returns the model with {@link pooledChain} as its chain. @throws `descriptor_too_long` if that cannot be whitened */
export function pooledModel(model: LoadedManifest): LoadedManifest {
  const manifest = withChain(model.manifest, pooledChain(model.manifest.chain));
  refuseTooLong(manifest.dimension, `a pooled vector of ${manifest.name}`);
  return { ...model, manifest };
}

/**
 * Learns PCA whitening from pictures, or Lw from matching pairs.
 * @throws `too_few_examples` with fewer than D + 1 pictures, or D + 1 pictures in pairs
 */
export function learnWhitening(examples: WhiteningExamples, options: WhiteningOptions): LinearMap {
  const vectors = examples.kind === 'pictures' ? examples.vectors : examples.pairs.flat();
  refuseTooFew(vectors, options.dimension);
  const all = momentsOf(vectors);
  if (examples.kind === 'pictures') return pcaWhitening(all, options);
  const matching = momentsOf(examples.pairs.map(([a, b]) => a.map((value, k) => value - b[k]!)));
  // the middle of the query side, as Radenovic's code has it
  const mean = momentsOf(examples.pairs.map(([query]) => query)).mean();
  return pairWhitening({ matching, spread: all, spreadAbout: mean, mean }, options);
}

export interface WhitenedModelOptions {
  name: string;
  /** Folder of the new model; must not be there yet. */
  directory: string;
  /** How the projection was learned, for the manifest. */
  description: string;
  tryModel: TryModel;
}

/** Makes a model of another one: the chain up to the pooled vector, then the whitening, then l2. @throws as {@link deriveChain} */
export async function deriveWhitened(
  parent: LoadedManifest,
  map: LinearMap,
  options: WhitenedModelOptions,
): Promise<LoadedManifest> {
  const { facts, newFiles } = await newProjection(projectionBytes(map), map);
  const chain = [
    ...pooledChain(parent.manifest.chain),
    { stage: 'projection' as const, ...facts },
    { stage: 'l2' as const },
  ];
  const { dimension } = withChain(parent.manifest, chain);
  return deriveChain({ parent, ...options, chain, dimension, newFiles });
}

function refuseTooFew(vectors: readonly Float32Array[], dimension: number): void {
  const length = vectors[0]?.length ?? Infinity;
  const needed = Math.min(dimension, length) + 1;
  if (vectors.length >= needed) return;
  throw new LikenessError(
    'too_few_examples',
    `expected at least ${needed} pictures to learn ${needed - 1} directions from, got ${vectors.length}`,
    { details: { needed, got: vectors.length } },
  );
}

function momentsOf(vectors: readonly Float32Array[]): Moments {
  const moments = new Moments(vectors[0]?.length ?? 0);
  for (const vector of vectors) moments.add(vector);
  return moments;
}
