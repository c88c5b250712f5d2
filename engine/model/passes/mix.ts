/**
 * Mixes the stored statistics of batch normalisation with those of each picture's own map.
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> (x - M) / sqrt(V + epsilon) * scale + bias -> y        with a = runWeight, a new input of the network
 *
 *   M = a mean + (1 - a) mu_nc,   V = a variance + (1 - a) s2_nc,   mu, s2 over the rows and columns of map c of picture n
 *
 * runWeight 1 is the batch norm as it was, 0 is instance normalisation. The variances are mixed linearly and the cross term
 * a (1 - a) (mean - mu)^2 is left out, as in the published codes of alpha-BN and of Schneider et al. 2020, so that results
 * compare. The input has no default in the file: the runtime would ignore a value fed in place of one.
 * Conditions: a norm of feature maps.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { NodeBuilder, valueInfo } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import { TensorProto_DataType, type ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm } from './batch-norm.js';
import { channelAffine } from './group-norm-nodes.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';

export const mixOptionsSchema = siteSelectionSchema.extend({
  inputs: z
    .enum(['one', 'stage', 'site'])
    .default('one')
    .describe(
      'one runWeight for all, one a stage (runWeight.stem, runWeight.1, ...), or one a site (runWeight.<site>)',
    ),
});
type Options = z.output<typeof mixOptionsSchema>;

/**
 * @returns the new model; the provenance names the inputs that it needs from now on, each float32 [1], from 0 to 1.
 * @throws invalid_request if no site fits or an input's name is taken; model_invalid for a norm in training mode or with
 * integer weights.
 */
export function mix(model: ModelProto, options: z.input<typeof mixOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(mixOptionsSchema, options);
  const graph = new Graph(model);
  const sites = selectSites(graph, parsed, BATCH_NORM_OF_MAPS);
  const inputs = [...new Set(sites.map((site) => inputOf(site, parsed.inputs)))];
  for (const input of inputs) addWeightInput(graph, input);
  for (const site of sites) mixInPlace(graph, site, inputOf(site, parsed.inputs));
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('mix', parsed, names, { inputs }) };
}

function inputOf({ name, stage }: NormSite, inputs: Options['inputs']): string {
  if (inputs === 'one') return 'runWeight';
  return `runWeight.${inputs === 'stage' ? (stage ?? 'none') : name}`;
}

function addWeightInput(graph: Graph, name: string): void {
  if (graph.has(name))
    throw new LikenessError('invalid_request', `expected no value ${name} in the network yet, found one`);
  graph.addInput(valueInfo(name, TensorProto_DataType.FLOAT, [1]));
}

function mixInPlace(graph: Graph, site: NormSite, input: string): void {
  const { node, scale, bias, mean, variance, epsilon } = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/mix`, site.floatType);
  const x = node.input[0] ?? '';
  const weight = build.fromFloat32(input);
  const rest = build.op('Sub', [build.floats('one', [1]), weight]);
  const blend = (stored: string, own: string) =>
    build.op('Add', [build.op('Mul', [weight, stored]), build.op('Mul', [rest, own])]);

  const ownMean = build.spatialMean(x);
  const centred = build.op('Sub', [x, ownMean]);
  const ownVariance = build.spatialMean(build.op('Mul', [centred, centred]));
  const mixedMean = blend(build.perChannel('mean', mean), ownMean);
  const mixedVariance = blend(build.perChannel('variance', variance), ownVariance);
  const deviation = build.op('Sqrt', [build.op('Add', [mixedVariance, build.floats('epsilon', [epsilon])])]);
  const normed = build.op('Div', [build.op('Sub', [x, mixedMean]), deviation]);
  graph.replaceValue(site.output, channelAffine(build, normed, scale, bias));
}
