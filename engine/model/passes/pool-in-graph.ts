/**
 * Pools a feature map inside the network, by the generalised mean (GeM, Radenovic et al. 2018).
 *
 *   before   ... -> features [n,C,h,w]
 *   after    ... -> features -> Clip(eps) -> Pow p -> GlobalAveragePool -> Pow 1/p -> Flatten -> pooled [n,C]
 *
 *   pooled_c = (mean_t max(x_ct, eps)^p)^(1/p),   t over rows and columns; p = 1 is the mean
 *
 * The pooled vector takes the place of that output, unless both are to be kept.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { mapFacts } from '../graph/map-facts.js';
import { NodeBuilder, valueInfo } from '../graph/node-builder.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { dataTypeOf } from '../onnx/tensor.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';

export const poolInGraphOptionsSchema = z.strictObject({
  output: z.string().optional().describe('the output to pool; by default the first'),
  name: z.string().min(1).default('pooled').describe('name of the new output'),
  p: z.number().positive().max(100).default(3),
  eps: z.number().positive().default(1e-6),
  keepMap: z.boolean().default(false).describe('give out the map as well'),
});

/** @throws invalid_request if the network has no such output, it is no feature map, or the new name is taken. */
export function poolInGraph(model: ModelProto, options: z.input<typeof poolInGraphOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(poolInGraphOptionsSchema, options);
  const graph = new Graph(model);
  const value = parsed.output ?? graph.outputs[0]?.name ?? '';
  const facts = mapFacts(graph).get(value);
  if (!graph.isOutput(value) || facts === undefined) throw invalid(`expected an output that is a map, got ${value}`);
  if (graph.has(parsed.name)) throw invalid(`expected no value ${parsed.name} in the network yet, found one`);
  const build = new NodeBuilder(graph, `${value}/gem`, facts.floatType);
  const powers = build.op('Pow', [build.atLeast(value, parsed.eps), build.floats('p', [parsed.p])]);
  const root = build.op('Pow', [build.op('GlobalAveragePool', [powers]), build.floats('1/p', [1 / parsed.p])]);
  graph.addNode('Flatten', [root], [parsed.name], { axis: 1n });
  if (!parsed.keepMap) graph.removeOutput(value);
  graph.addOutput(valueInfo(parsed.name, dataTypeOf(facts.floatType), ['n', facts.channels ?? 'c']));
  return { model: graph.toModel(), provenance: provenanceOf('pool-in-graph', parsed, [value]) };
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
