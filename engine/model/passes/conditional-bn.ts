/**
 * Lets a condition, such as the domain of the query, pick scale, bias and statistics of batch normalisation (conditional
 * batch normalisation, de Vries et al. 2017; with rows of statistics only, AdaBN for each domain).
 *
 *   before   x -> BatchNormalization -> y
 *   after    condition -> Gather(rows of k) -> Unsqueeze -> k;  condition -> Gather(rows of b) -> Unsqueeze -> b
 *            x -> Mul k -> Add b -> y                    with condition a new input of the network: int64 [1] or [n]
 *
 *   k_dc = scale_dc / sqrt(variance_dc + epsilon),   b_dc = bias_dc - k_dc mean_dc,   d = condition, from 0
 *
 * What a row does not name is as in the network. Conditions: batch normalisation of feature maps.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { NodeBuilder, valueInfo } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import { TensorProto_DataType, type ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm, type BatchNorm } from './batch-norm.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites } from './select-sites.js';
import { checkStatistics } from './statistics.js';

export const conditionalBnOptionsSchema = z.strictObject({
  input: z.string().min(1).default('condition').describe('name of the new input, int64 [1] or [n]'),
});

/** What one condition changes at one site; each vector [C]. */
export interface ConditionRow {
  scale?: ArrayLike<number>;
  bias?: ArrayLike<number>;
  mean?: ArrayLike<number>;
  variance?: ArrayLike<number>;
}

/**
 * @param rows by name of the site, one row for each condition; an empty row is the network as it was.
 * @throws invalid_request for a name that is no batch norm of maps, rows of unlike number or with wrong values, or a name
 * of the input that is taken; model_invalid for a norm in training mode or with integer weights.
 */
export function conditionalBn(
  model: ModelProto,
  options: z.input<typeof conditionalBnOptionsSchema>,
  rows: Readonly<Record<string, readonly ConditionRow[]>>,
): PassResult {
  const { input } = parseOptions(conditionalBnOptionsSchema, options);
  const graph = new Graph(model);
  const names = Object.keys(rows);
  const conditions = countConditions(rows);
  if (graph.has(input)) throw invalid(`expected no value ${input} in the network yet, found one`);
  const sites = selectSites(graph, { sites: names }, BATCH_NORM_OF_MAPS);
  graph.addInput(valueInfo(input, TensorProto_DataType.INT64, ['conditions']));
  for (const site of sites) rewrite(graph, site, input, rows[site.name]!);
  const provenance = provenanceOf('conditional-bn', { input, conditions }, names, { inputs: [input] });
  return { model: graph.toModel(), provenance };
}

function countConditions(rows: Readonly<Record<string, readonly ConditionRow[]>>): number {
  const counts = [...new Set(Object.values(rows).map(({ length }) => length))];
  if (counts.length === 1 && counts[0]! > 0) return counts[0]!;
  throw invalid(`expected the same number of rows, at least one, for each site, got ${counts.join(', ') || 'no site'}`);
}

function rewrite(graph: Graph, site: NormSite, input: string, rows: readonly ConditionRow[]): void {
  const norm = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/conditional`, site.floatType);
  const lines = rows.map((row) => lineOf(site, norm, row));
  const dims = [rows.length, site.channels];
  const [k, b] = (['k', 'b'] as const).map((what) => {
    const table = build.floats(what, Float64Array.from(lines.flatMap((line) => [...line[what]])), dims);
    return build.unsqueeze(build.op('Gather', [table, input], { axis: 0n }), [2, 3]);
  }) as [string, string];
  graph.replaceValue(site.output, build.op('Add', [build.op('Mul', [norm.node.input[0] ?? '', k]), b]));
}

/** Batch normalisation as y = k x + b. */
function lineOf(
  { name, channels }: NormSite,
  norm: BatchNorm,
  row: ConditionRow,
): { k: Float64Array; b: Float64Array } {
  const { scale, bias, mean, variance } = { ...norm, ...row };
  checkStatistics(name, channels, { mean, variance });
  if (scale.length !== channels || bias.length !== channels) {
    throw invalid(`${name}: expected ${channels} values of scale and bias, got ${scale.length} and ${bias.length}`);
  }
  const k = Float64Array.from(scale, (it, c) => it / Math.sqrt(variance[c]! + norm.epsilon));
  return { k, b: Float64Array.from(bias, (it, c) => it - k[c]! * mean[c]!) };
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
