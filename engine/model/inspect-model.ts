import { intAttribute, intsAttribute } from './graph/attributes.js';
import { constantDims } from './graph/constants.js';
import { Graph } from './graph/graph.js';
import { mapFacts } from './graph/map-facts.js';
import type { BlockPlace, NormSite } from './graph/norm-site.js';
import { normSites } from './graph/norm-sites.js';
import { residualBlocks, type ResidualBlock } from './graph/residual-blocks.js';
import { stageOf, type Stage } from './graph/stage.js';
import { layerCosts } from './layer-costs.js';
import { opsetOf } from './onnx/onnx-file.js';
import { TensorProto_DataType, type ModelProto, type NodeProto, type ValueInfoProto } from './onnx/onnx_pb.js';

/** As onnx.proto calls them: float, int64, ... */
const TYPE_NAMES = new Map<number, string>(
  Object.entries(TensorProto_DataType).map(([name, value]) => [value, name.toLowerCase()]),
);

/** The convolution (or linear layer) before a site. */
export interface SiteConvolution {
  operator: string;
  name: string;
  /** [rows, columns]; absent for a linear layer. */
  kernel?: number[];
  stride: number;
  groups: number;
}

/** One normalisation site, as a table or a picture shows it. */
export interface SiteReport extends Pick<NormSite, 'name' | 'kind' | 'channels'> {
  /** Channels of the convolution, where the norm takes a part of them. */
  partOf?: number;
  groups?: number;
  stage?: Stage;
  conv?: SiteConvolution;
  activation?: string;
  /** number counts the residual blocks of the network from 1. */
  block?: Pick<BlockPlace, 'way' | 'position'> & { number: number };
}

/** A stage; head is what comes behind the last map. */
export interface StageReport {
  stage: Stage | 'head';
  blocks: number;
  macs: number;
  parameters: number;
}

/** A fed or given value; a name stands for a size that varies. */
export interface ValueReport {
  name: string;
  type: string;
  shape: (number | string)[];
}

/** What a network is made of. */
export interface ModelReport {
  opset: number;
  inputs: ValueReport[];
  outputs: ValueReport[];
  nodes: number;
  parameters: number;
  /** Side of the square picture that the costs are of, pixels. */
  sidePx: number;
  /** Multiply-accumulates of convolutions and linear layers; FLOPs are twice as many. */
  macs: number;
  flops: number;
  stages: StageReport[];
  sites: SiteReport[];
}

/** Looks a network over, without running it. @throws model_invalid if it is no graph that can be read. */
export function inspectModel(model: ModelProto, sidePx: number): ModelReport {
  const graph = new Graph(model);
  const blocks = residualBlocks(graph, mapFacts(graph));
  const stages = stageReports(graph, blocks, sidePx);
  const total = (key: 'macs' | 'parameters') => stages.reduce((sum, stage) => sum + stage[key], 0);
  return {
    opset: opsetOf(model),
    inputs: graph.inputs.map(valueReport),
    outputs: graph.outputs.map(valueReport),
    nodes: graph.nodes.length,
    parameters: total('parameters'),
    sidePx,
    macs: total('macs'),
    flops: 2 * total('macs'),
    stages,
    sites: normSites(graph).map((site) => siteReport(graph, blocks, site)),
  };
}

function siteReport(graph: Graph, blocks: readonly ResidualBlock[], site: NormSite): SiteReport {
  const { name, kind, channels, partOf, groups, stage, activation, block } = site;
  const conv = graph.nodes.find((node) => (node.name || node.output[0]) === site.conv);
  const number = blocks.findIndex(({ output }) => output === block?.output) + 1;
  return {
    ...{ name, kind, channels },
    ...(partOf !== undefined && { partOf }),
    ...(groups !== undefined && { groups }),
    ...(stage !== undefined && { stage }),
    ...(conv !== undefined && { conv: convolutionReport(graph, conv) }),
    ...(activation !== undefined && { activation }),
    ...(block !== undefined && { block: { number, way: block.way, position: block.position } }),
  };
}

function convolutionReport(graph: Graph, node: NodeProto): SiteConvolution {
  const kernel = intsAttribute(node, 'kernel_shape') ?? constantDims(graph, node.input[1])?.slice(2);
  return {
    operator: node.opType,
    name: node.name || (node.output[0] ?? ''),
    ...(kernel !== undefined && kernel.length > 0 && { kernel }),
    stride: intsAttribute(node, 'strides')?.[0] ?? 1,
    groups: intAttribute(node, 'group', 1),
  };
}

function stageReports(graph: Graph, blocks: readonly ResidualBlock[], sidePx: number): StageReport[] {
  const facts = mapFacts(graph);
  const stages = new Map<Stage | 'head', StageReport>();
  const reportOf = (stage: Stage | 'head') => {
    const report = stages.get(stage) ?? { stage, blocks: 0, macs: 0, parameters: 0 };
    stages.set(stage, report);
    return report;
  };
  for (const { node, macs, parameters } of layerCosts(graph, facts, sidePx)) {
    const output = node.output[0] ?? '';
    const around = blocks.find(({ body, shortcut }) => body.has(output) || shortcut.has(output));
    const report = reportOf(stageOf(around?.stride ?? facts.get(output)?.stride ?? Infinity) ?? 'head');
    report.macs += macs;
    report.parameters += parameters;
  }
  for (const { stride } of blocks) reportOf(stageOf(stride) ?? 'head').blocks++;
  return [...stages.values()].filter((it) => it.blocks + it.macs + it.parameters > 0);
}

function valueReport({ name, type }: ValueInfoProto): ValueReport {
  if (type?.value.case !== 'tensorType') return { name, type: 'unknown', shape: [] };
  const { elemType, shape } = type.value.value;
  const sizes = (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : value.value));
  return { name, type: TYPE_NAMES.get(elemType) ?? String(elemType), shape: sizes.map((it) => it ?? '?') };
}
