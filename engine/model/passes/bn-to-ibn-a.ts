/**
 * Turns the first batch normalisation of each residual block into the half-and-half norm of IBN-Net a (Pan et al. 2018).
 *
 *   before   x -> BatchNormalization -> y
 *   after    x -> Split -+-> InstanceNormalization -+-> Concat -> y
 *                        +-> BatchNormalization ----+
 *
 * The first part has floor(C * share) channels: with order instance-first the share is `ratio`, and the part gets the
 * instance norm (half = int(planes * 0.5) in the published code); with batch-first, as in the DenseNet form and the first
 * release, the share is 1 - ratio, and the part keeps batch normalisation. Each channel keeps its own scale, bias and
 * statistics. A part of no channels is left out, so that one channel at ratio 0.5 stays batch normalisation.
 * Conditions: a norm of feature maps. Without names: position 0 of a block's body, in stages 1 to 3 by default.
 */
import { z } from 'zod';
import { Graph } from '../graph/graph.js';
import { NodeBuilder } from '../graph/node-builder.js';
import type { NormSite } from '../graph/norm-site.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import { readBatchNorm, type BatchNorm } from './batch-norm.js';
import { parseOptions, provenanceOf, siteSelectionSchema, type PassResult } from './pass.js';
import { BATCH_NORM_OF_MAPS, selectSites, type Fit } from './select-sites.js';

export const bnToIbnAOptionsSchema = siteSelectionSchema.extend({
  ratio: z.number().min(0).max(1).default(0.5).describe('share of the channels that get instance normalisation'),
  order: z.enum(['instance-first', 'batch-first']).default('instance-first').describe('which norm the first part has'),
});
type Options = z.output<typeof bnToIbnAOptionsSchema>;

const FIRST_OF_BLOCK: Fit = {
  wanted: 'a batch normalisation that is the first of a residual block',
  fits: (site) => BATCH_NORM_OF_MAPS.fits(site) && site.partOf === undefined && isFirst(site),
};

/** @throws invalid_request if no site fits; model_invalid for a norm in training mode or with integer weights. */
export function bnToIbnA(model: ModelProto, options: z.input<typeof bnToIbnAOptionsSchema> = {}): PassResult {
  const parsed = parseOptions(bnToIbnAOptionsSchema, options);
  const selection = parsed.sites === undefined ? { ...parsed, stages: parsed.stages ?? [1, 2, 3] } : parsed;
  const graph = new Graph(model);
  const sites = selectSites(graph, selection, parsed.sites === undefined ? FIRST_OF_BLOCK : BATCH_NORM_OF_MAPS);
  for (const site of sites) rewrite(graph, site, parsed);
  const names = sites.map(({ name }) => name);
  return { model: graph.toModel(), provenance: provenanceOf('bn-to-ibn-a', selection, names) };
}

function isFirst({ block }: NormSite): boolean {
  return block?.way === 'body' && block.position === 0;
}

function rewrite(graph: Graph, site: NormSite, { ratio, order }: Options): void {
  const norm = readBatchNorm(graph, site);
  const build = new NodeBuilder(graph, `${site.name}/ibn-a`, site.floatType);
  const kinds = order === 'instance-first' ? (['instance', 'batch'] as const) : (['batch', 'instance'] as const);
  const first = Math.floor(site.channels * (order === 'instance-first' ? ratio : 1 - ratio));
  const parts = [
    { kind: kinds[0], from: 0, to: first },
    { kind: kinds[1], from: first, to: site.channels },
  ].filter(({ from, to }) => to > from);
  const x = norm.node.input[0] ?? '';
  const inputs =
    parts.length === 1
      ? [x]
      : build.splitChannels(
          x,
          parts.map(({ from, to }) => to - from),
        );
  const outputs = parts.map(({ kind, from, to }, i) => normOfPart(build, norm, kind, inputs[i] ?? x, from, to));
  const y = outputs.length === 1 ? outputs[0]! : build.op('Concat', outputs, { axis: 1n });
  graph.replaceValue(site.output, y);
}

function normOfPart(
  build: NodeBuilder,
  { scale, bias, mean, variance, epsilon }: BatchNorm,
  kind: 'instance' | 'batch',
  x: string,
  from: number,
  to: number,
): string {
  const cut = (name: string, values: Float32Array) => build.floats(`${kind}.${name}`, values.subarray(from, to));
  const affine = [x, cut('scale', scale), cut('bias', bias)];
  if (kind === 'instance') return build.op('InstanceNormalization', affine, { epsilon });
  return build.op('BatchNormalization', [...affine, cut('mean', mean), cut('variance', variance)], { epsilon });
}
