/**
 * Folds batch normalisation into the convolution before it.
 *
 *   before   x -> Conv | ConvTranspose | Gemm -> BatchNormalization -> y
 *   after    x -> Conv | ConvTranspose | Gemm -> y
 *
 *   k_c = scale_c / sqrt(variance_c + epsilon),   W'_c = k_c W_c,   bias'_c = k_c (bias_c - mean_c) + shift_c
 *
 * for each output channel c, in grouped and depthwise convolutions too (Ioffe & Szegedy 2015, section 3.1 read backwards).
 * Conditions: the norm reads the convolution itself (with an activation between, or a part of the channels, it cannot be
 * folded), nothing else reads the convolution, and weights and bias are stored.
 */
import { z } from 'zod';
import { LikenessError, toLikenessError } from '../../errors.js';
import { setAttribute } from '../graph/attributes.js';
import { Graph } from '../graph/graph.js';
import { addFloats } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm, type BatchNorm } from './batch-norm.js';
import { readConvolution, scaleRows, type Convolution } from './convolution.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult, type Provenance } from './pass.js';
import { selectSites, type Fit } from './select-sites.js';

export const foldBnOptionsSchema = siteSelectionSchema.extend({
  storage: z.enum(['float32', 'float16']).default('float32').describe('how the new weights lie in the file'),
});

const BATCH_NORM: Fit = { wanted: 'a batch normalisation', fits: ({ kind }) => kind === 'batch' };
const FOLDABLE = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/**
 * @param options sites, and how the new weights are stored. Without names, sites that cannot be folded are skipped and
 * the provenance says why.
 * @throws invalid_request if a named site cannot be folded, or none can; model_invalid for a norm in training mode or
 * with integer weights.
 */
export function foldBn(model: ModelProto, options: z.input<typeof foldBnOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(foldBnOptionsSchema, options);
  const graph = new Graph(model);
  const skipped: Provenance['skipped'] = [];
  const folded: string[] = [];
  for (const site of selectSites(graph, parsed, BATCH_NORM)) {
    const norm = readBatchNorm(graph, site);
    const found = foldableConvolution(graph, norm);
    if (typeof found === 'string') skipped.push({ site: site.name, reason: found });
    else folded.push(foldInto(graph, site, norm, found, parsed.storage));
  }
  if (folded.length === 0 || (parsed.sites !== undefined && skipped.length > 0)) throw cannotFold(skipped);
  return { model: graph.toModel(), provenance: provenanceOf('fold-bn', parsed, folded, { skipped }) };
}

/** @returns the convolution, or why there is none to fold into. */
function foldableConvolution(graph: Graph, { node, scale }: BatchNorm): Convolution | string {
  const input = node.input[0] ?? '';
  const before = graph.producer(input);
  if (before === undefined) return 'it reads an input of the network';
  if (!FOLDABLE.has(before.opType)) return `it reads the output of ${before.opType}, not of a convolution`;
  if (!graph.isReadOnlyBy(input, node)) return 'others read the output of the convolution too';
  try {
    const found = readConvolution(graph, before);
    return found.channels === scale.length ? found : `the convolution has ${found.channels} channels`;
  } catch (error) {
    return toLikenessError(error).message;
  }
}

function foldInto(
  graph: Graph,
  site: NormSite,
  norm: BatchNorm,
  conv: Convolution,
  storage: 'float32' | 'float16',
): string {
  const k = Float64Array.from(norm.scale, (scale, c) => scale / Math.sqrt(norm.variance[c]! + norm.epsilon));
  const bias = Float64Array.from(k, (factor, c) => factor * (conv.bias[c]! - norm.mean[c]!) + norm.bias[c]!);
  const { node, dims, floatType } = conv;
  const weightName = graph.freshName(`${conv.name}/folded.weight`);
  const stored = floatType === 'float16' ? 'float16' : storage;
  const weight = addFloats(graph, weightName, dims, scaleRows(conv, k), floatType, stored);
  const biasValue = addFloats(graph, graph.freshName(`${conv.name}/folded.bias`), [k.length], bias, floatType);
  graph.setInputs(node, [node.input[0] ?? '', weight, biasValue]);
  if (node.opType === 'Gemm') setAttribute(node, 'beta', 1);
  graph.replaceValue(site.output, node.output[0] ?? '');
  return site.name;
}

function cannotFold(skipped: Provenance['skipped']): LikenessError {
  const [first] = skipped;
  const why = `${first?.site ?? ''} cannot be: ${first?.reason ?? ''}`;
  return new LikenessError('invalid_request', `expected batch normalisations that can be folded, but ${why}`);
}
