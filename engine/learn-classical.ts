import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassicalThread } from './classical/classical-thread.js';
import { inverseDocumentFrequencies } from './classical/global/bag-of-words.js';
import { vlad } from './classical/global/vlad.js';
import { countPoints } from './classical/matching/local-features.js';
import { unpackFeatures, type PackedFeatures } from './classical/matching/packed-features.js';
import { nearestWords, type Vocabulary } from './classical/vocabulary/vocabulary.js';
import { descriptorDimension } from './descriptor-dimension.js';
import { compileVectorChain } from './descriptor/chain.js';
import { LikenessError } from './errors.js';
import { gramPca } from './learning/gram-pca.js';
import { projectionBytes } from './learning/linear-map.js';
import { Reservoir } from './learning/reservoir.js';
import type { TryModel } from './model/add-model.js';
import type { ChainStage } from './model/chain-stage.js';
import { checkFree, checkName } from './model/derive-model.js';
import { float32Bytes } from './model/float32-file.js';
import { installFolder } from './model/install-folder.js';
import type { Preprocess } from './model/manifest.js';
import { checkManifest, loadModelFolder, writeManifest, type LoadedManifest } from './model/model-folder.js';
import { newProjection } from './model/new-files.js';
import { sha256 } from './sha256.js';

export interface ClassicalLearning {
  kind: 'vlad' | 'bow';
  /** k of the vocabulary. */
  words: number;
  /** D of VLAD after PCA; a bag of words has as many numbers as words. */
  dimension: number;
  maxPoints: number;
  /** How the pictures were cut. */
  preprocess: Preprocess;
  seed: number;
  name: string;
  /** Of the new model; must not be there yet. */
  directory: string;
  tryModel: TryModel;
}

/** Descriptors that a mean is learned from, and of all together at most. */
const ROWS_PER_WORD = 256;
const MAX_ROWS = 100_000;
const ROUNDS = 20;
const VOCABULARY_FILE = 'vocabulary.f32';
/** Signed square root, so that no word and no burst of one outweighs the others. */
const DAMPED: ChainStage[] = [{ stage: 'power', exponent: 0.5 }, { stage: 'l2' }];

/** Float32 values of a file, and the stages and files behind them. */
interface Learned {
  values: Float32Array;
  chain: ChainStage[];
  files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Learns a vocabulary of key points from pictures, and makes a model of it: a bag of words weighted by how rare each is, or
 * VLAD with a PCA. It is tried before it takes its name; if anything fails, nothing is written.
 * @param pictures the key points of each; those without any do not count
 * @throws `too_few_examples`; `invalid_request` for a wrong name or a folder that is there
 */
export async function learnClassical(
  pictures: readonly PackedFeatures[],
  classical: Pick<ClassicalThread, 'kMeans'>,
  learning: ClassicalLearning,
): Promise<LoadedManifest> {
  const { name, directory, tryModel } = learning;
  checkName(name);
  await checkFree(directory);
  const described = pictures.filter((features) => countPoints(features) > 0);
  const vocabulary = await learnVocabulary(described, classical, learning);
  const learned = await (learning.kind === 'bow' ? withFrequencies : withPca)(described, vocabulary, learning);
  await installFolder(directory, async (staging) => {
    await writeLearned(learned, described.length, learning, staging);
    await loadModelFolder(staging);
    await tryModel(staging);
  });
  return loadModelFolder(directory);
}

async function learnVocabulary(
  pictures: readonly PackedFeatures[],
  classical: Pick<ClassicalThread, 'kMeans'>,
  { words, seed }: ClassicalLearning,
): Promise<Vocabulary> {
  const sample = new Reservoir<Float32Array>(Math.min(MAX_ROWS, words * ROWS_PER_WORD), seed);
  for (const features of pictures) {
    const { descriptors, dimension } = unpackFeatures(features);
    for (let at = 0; at < descriptors.length; at += dimension) sample.offer(descriptors.subarray(at, at + dimension));
  }
  const [first] = sample.items;
  refuseTooFew('key points', sample.items.length, words);
  const rows = new Float32Array(sample.items.length * first!.length);
  sample.items.forEach((row, i) => rows.set(row, i * row.length));
  return classical.kMeans(rows, first!.length, { words, seed, rounds: ROUNDS });
}

function withFrequencies(
  pictures: readonly PackedFeatures[],
  vocabulary: Vocabulary,
  { words }: ClassicalLearning,
): Promise<Learned> {
  const found = pictures.map((features) => nearestWords(unpackFeatures(features).descriptors, vocabulary));
  const values = joined(vocabulary.words, inverseDocumentFrequencies(found, words));
  return Promise.resolve({ values, chain: DAMPED, files: new Map() });
}

async function withPca(
  pictures: readonly PackedFeatures[],
  vocabulary: Vocabulary,
  { dimension }: ClassicalLearning,
): Promise<Learned> {
  refuseTooFew('pictures with key points', pictures.length, dimension + 1);
  const damp = compileVectorChain(DAMPED, {});
  const map = gramPca(
    pictures.map((features) => damp(vlad(unpackFeatures(features).descriptors, vocabulary))),
    dimension,
  );
  const { facts, newFiles } = await newProjection(projectionBytes(map), map);
  const chain: ChainStage[] = [...DAMPED, { stage: 'projection', ...facts }, { stage: 'l2' }];
  return { values: vocabulary.words, chain, files: newFiles };
}

async function writeLearned(
  { values, chain, files }: Learned,
  pictures: number,
  { kind, words, maxPoints, preprocess, name, seed }: ClassicalLearning,
  staging: string,
): Promise<void> {
  const bytes = float32Bytes(values);
  const extractor = { kind, file: VOCABULARY_FILE, sha256: await sha256(bytes), words, maxPoints };
  const description = `${kind} of ${words} words of RootSIFT, learned from ${pictures} pictures, seed ${seed}.`;
  const draft = {
    format: 1,
    name,
    description,
    licence: 'unstated: that of the pictures that it was learned from',
    preprocess,
    extractor,
    chain,
    dimension: 2,
  };
  const dimension = descriptorDimension(checkManifest(draft, name), chain);
  for (const [file, content] of [[VOCABULARY_FILE, bytes] as const, ...files])
    await writeFile(join(staging, file), content, { flush: true });
  await writeManifest(staging, checkManifest({ ...draft, dimension }, name));
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function refuseTooFew(what: string, got: number, needed: number): void {
  if (got >= needed) return;
  throw new LikenessError('too_few_examples', `expected at least ${needed} ${what} to learn from, got ${got}`, {
    details: { needed, got },
  });
}
