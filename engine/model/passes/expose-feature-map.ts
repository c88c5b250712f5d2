/**
 * Gives out a feature map from inside the network beside its outputs.
 *
 *   before   x -> ... -> v -> ... -> features
 *   after    x -> ... -> v -> ... -> features
 *                        +-> Identity -> name
 *
 * The map is named by its value, or by a stage: then it is what the last residual block of the stage gives, behind its
 * activation, or the last map of the stage where it has no such block.
 */
import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { Graph } from '../graph/graph.js';
import { mapFacts, type MapFacts } from '../graph/map-facts.js';
import { valueInfo } from '../graph/node-builder.js';
import { activationBehind } from '../graph/norm-sites.js';
import { residualBlocks } from '../graph/residual-blocks.js';
import { stageOf, stageSchema, type Stage } from '../graph/stage.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { dataTypeOf } from '../onnx/tensor.js';
import { parseOptions, provenanceOf, type PassResult } from './pass.js';

export const exposeFeatureMapOptionsSchema = z.strictObject({
  at: z.union([stageSchema, z.string()]).describe('a stage, or the name of a value in the network'),
  name: z.string().min(1).optional().describe('name of the new output; by default that of the value'),
});

/** @throws invalid_request if the network has no such map, or the name is taken. */
export function exposeFeatureMap(
  model: ModelProto,
  options: z.input<typeof exposeFeatureMapOptionsSchema>,
): PassResult {
  const parsed = parseOptions(exposeFeatureMapOptionsSchema, options);
  const graph = new Graph(model);
  const facts = mapFacts(graph);
  const stage = stageSchema.safeParse(parsed.at);
  const value = stage.success ? lastMapOf(graph, facts, stage.data) : String(parsed.at);
  const found = facts.get(value);
  if (found === undefined) throw invalid(`expected the name of a feature map in the network, got ${value}`);
  addOutput(graph, value, parsed.name ?? value, found);
  return { model: graph.toModel(), provenance: provenanceOf('expose-feature-map', parsed, [value]) };
}

function addOutput(graph: Graph, value: string, name: string, { channels, floatType }: MapFacts): void {
  if (graph.isOutput(name)) throw invalid(`expected no output ${name} yet, found one`);
  if (name !== value) {
    if (graph.has(name)) throw invalid(`expected no value ${name} in the network yet, found one`);
    graph.addNode('Identity', [value], [name]);
  }
  // a name for the varying sizes of this map alone: it is another than that of maps of another stride
  graph.addOutput(valueInfo(name, dataTypeOf(floatType), ['n', channels ?? 'c', `${name}.h`, `${name}.w`]));
}

function lastMapOf(graph: Graph, facts: ReadonlyMap<string, MapFacts>, stage: Stage): string {
  const block = residualBlocks(graph, facts).findLast(({ stride }) => stageOf(stride) === stage);
  if (block !== undefined) return activationBehind(graph, block.output)?.output ?? block.output;
  const values = graph.nodes.flatMap((node) => node.output);
  const last = values.findLast((value) => stageOf(facts.get(value)?.stride ?? Infinity) === stage);
  if (last === undefined) throw invalid(`expected feature maps of stage ${stage} in the network, found none`);
  return last;
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
