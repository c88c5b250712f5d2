import { LikenessError } from '../errors.js';
import { stageFiles, type AttentionFacts, type ChainStage, type ProjectionFacts } from './chain-stage.js';
import type { ChainRequest, ChainStageRequest } from './descriptor-request.js';
import type { Manifest } from './manifest.js';

/**
 * Fills in what a request leaves to the model: the facts of its files, and l2 at the end. Whether the stages fit each
 * other is for engine/descriptor/chain.ts to say.
 * @throws invalid_request if a stage needs a file that the model does not have.
 */
export function resolveChain(request: ChainRequest, manifest: Manifest): ChainStage[] {
  const stages = request.map((stage) => resolveStage(stage, manifest));
  return stages.at(-1)?.stage === 'l2' ? stages : [...stages, { stage: 'l2' }];
}

function resolveStage(request: ChainStageRequest, manifest: Manifest): ChainStage {
  if (request.stage === 'projection') return { stage: 'projection', ...ownProjection(manifest, request.file) };
  if (request.stage !== 'rmac' && request.stage !== 'attention-rmac') return request;
  const { stage, levels, projection } = request;
  const regions = {
    levels,
    ...(projection === undefined ? {} : { projection: ownProjection(manifest, projection.file) }),
  };
  if (stage === 'rmac') return { stage, ...regions };
  const { attention } = request;
  return {
    stage,
    ...regions,
    ...(attention === undefined ? {} : { attention: ownAttention(manifest, attention.file) }),
  };
}

function ownProjection(manifest: Manifest, file: string | undefined): ProjectionFacts {
  const found = filesOf(manifest).filter((facts) => 'inputs' in facts);
  const { file: name, sha256, inputs, outputs } = pick(found, file, 'projection', manifest);
  return { file: name, sha256, inputs, outputs };
}

function ownAttention(manifest: Manifest, file: string | undefined): AttentionFacts {
  return pick(
    filesOf(manifest).filter((facts) => 'hidden' in facts),
    file,
    'attention',
    manifest,
  );
}

function filesOf(manifest: Manifest) {
  return manifest.chain.flatMap(stageFiles);
}

function pick<F extends { file: string }>(found: F[], file: string | undefined, kind: string, { name }: Manifest): F {
  const chosen = file === undefined ? found[0] : found.find((facts) => facts.file === file);
  if (chosen !== undefined) return chosen;
  const wanted = file === undefined ? `a file of ${kind}` : `the ${kind} ${file}`;
  const has = found.length === 0 ? 'none' : found.map((facts) => facts.file).join(', ');
  throw new LikenessError('invalid_request', `chain: expected a model with ${wanted}, but ${name} has ${has}`);
}
