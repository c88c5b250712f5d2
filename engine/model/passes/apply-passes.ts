import { z } from 'zod';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { addIbnB, addIbnBOptionsSchema } from './add-ibn-b.js';
import { bnToGn, bnToGnOptionsSchema } from './bn-to-gn.js';
import { bnToIbnA, bnToIbnAOptionsSchema } from './bn-to-ibn-a.js';
import { bnToIn, bnToInOptionsSchema } from './bn-to-in.js';
import { bnToLn, bnToLnOptionsSchema } from './bn-to-ln.js';
import { cosine, cosineOptionsSchema } from './cosine.js';
import { exposeFeatureMap, exposeFeatureMapOptionsSchema } from './expose-feature-map.js';
import { foldBn, foldBnOptionsSchema } from './fold-bn.js';
import { foldWeightNorm } from './fold-weight-norm.js';
import { mix, mixOptionsSchema } from './mix.js';
import type { PassResult, Provenance } from './pass.js';
import { parseOptions } from './pass.js';
import { poolInGraph, poolInGraphOptionsSchema } from './pool-in-graph.js';
import { weightStorage, weightStorageOptionsSchema } from './weight-storage.js';

/** Passes that need no measured or learned tensors, as a manifest or a request names them. */
export const passStepSchema = z.discriminatedUnion('pass', [
  foldBnOptionsSchema.extend({ pass: z.literal('fold-bn') }),
  bnToInOptionsSchema.extend({ pass: z.literal('bn-to-in') }),
  bnToIbnAOptionsSchema.extend({ pass: z.literal('bn-to-ibn-a') }),
  bnToGnOptionsSchema.extend({ pass: z.literal('bn-to-gn') }),
  bnToLnOptionsSchema.extend({ pass: z.literal('bn-to-ln') }),
  mixOptionsSchema.extend({ pass: z.literal('mix') }),
  addIbnBOptionsSchema.extend({ pass: z.literal('add-ibn-b') }),
  exposeFeatureMapOptionsSchema.extend({ pass: z.literal('expose-feature-map') }),
  z.strictObject({ pass: z.literal('fold-weight-norm') }),
  cosineOptionsSchema.extend({ pass: z.literal('cosine') }),
  poolInGraphOptionsSchema.extend({ pass: z.literal('pool-in-graph') }),
  weightStorageOptionsSchema.extend({ pass: z.literal('weight-storage') }),
]);
export type PassStep = z.input<typeof passStepSchema>;

/**
 * Applies passes one after the other, each to what the one before gave.
 * @returns the last model, and the provenance of each step in order.
 * @throws invalid_request or model_invalid as the passes do; the model that was given is as it was then too.
 */
export function applyPasses(
  model: ModelProto,
  steps: readonly PassStep[],
): { model: ModelProto; passes: Provenance[] } {
  const parsed = parseOptions(z.array(passStepSchema), steps);
  const passes: Provenance[] = [];
  let current = model;
  for (const step of parsed) {
    const result = applyStep(current, step);
    passes.push(result.provenance);
    current = result.model;
  }
  return { model: current, passes };
}

function applyStep(model: ModelProto, step: z.output<typeof passStepSchema>): PassResult {
  switch (step.pass) {
    case 'fold-bn':
      return foldBn(model, optionsOf(step));
    case 'bn-to-in':
      return bnToIn(model, optionsOf(step));
    case 'bn-to-ibn-a':
      return bnToIbnA(model, optionsOf(step));
    case 'bn-to-gn':
      return bnToGn(model, optionsOf(step));
    case 'bn-to-ln':
      return bnToLn(model, optionsOf(step));
    case 'mix':
      return mix(model, optionsOf(step));
    case 'add-ibn-b':
      return addIbnB(model, optionsOf(step));
    case 'expose-feature-map':
      return exposeFeatureMap(model, optionsOf(step));
    case 'fold-weight-norm':
      return foldWeightNorm(model);
    case 'cosine':
      return cosine(model, optionsOf(step));
    case 'pool-in-graph':
      return poolInGraph(model, optionsOf(step));
    case 'weight-storage':
      return weightStorage(model, optionsOf(step));
  }
}

function optionsOf<T extends { pass: string }>({ pass: _pass, ...options }: T): Omit<T, 'pass'> {
  return options;
}
