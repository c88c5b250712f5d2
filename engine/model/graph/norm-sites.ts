import { LikenessError } from '../../errors.js';
import type { NodeProto } from '../onnx/onnx_pb.js';
import { constantDims } from './constants.js';
import { foundNorms } from './found-norms.js';
import type { Graph } from './graph.js';
import { mapFacts, type MapFacts } from './map-facts.js';
import type { BlockPlace, FoundNorm, NormSite } from './norm-site.js';
import { residualBlocks, type ResidualBlock } from './residual-blocks.js';
import { stageOf } from './stage.js';

const CONVOLUTIONS = new Set(['Conv', 'ConvTranspose', 'Gemm']);
const PARTS = new Set(['Split', 'Slice', 'Identity', 'Cast']);
const ACTIVATIONS = new Set(
  'Relu LeakyRelu PRelu Clip Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish Tanh Softplus Gelu'.split(' '),
);

/** A site before its neighbourhood is known. */
type Bare = Omit<FoundNorm, 'kind'> & { kind: NormSite['kind'] };

/**
 * Finds where a network normalises, or could: every norm with constant parameters, and every convolution with a bias
 * and no norm behind it. Norms inside the bodies of If and Loop, and inside functions of the file, are not seen.
 * @returns the sites in the order in which the network runs them.
 */
export function normSites(graph: Graph): NormSite[] {
  const facts = mapFacts(graph);
  const blocks = residualBlocks(graph, facts);
  const norms: Bare[] = foundNorms(graph);
  const sites = [...norms, ...foldedConvolutions(graph, facts, norms)].map((bare) =>
    siteOf(graph, facts, blocks, bare),
  );
  const order = new Map(graph.nodes.map((node, i) => [node.output[0], i]));
  const sorted = sites.toSorted((a, b) => (order.get(a.output) ?? 0) - (order.get(b.output) ?? 0));
  return withUniqueNames(withPositions(sorted));
}

/** @returns the convolution before a site, or undefined. */
export function convolutionBefore(graph: Graph, value: string): NodeProto | undefined {
  const node = graph.producer(value);
  if (node === undefined || CONVOLUTIONS.has(node.opType)) return node;
  return PARTS.has(node.opType) ? convolutionBefore(graph, node.input[0] ?? '') : undefined;
}

/** @throws invalid_request if the network has no such site, with the names of a few that it has. */
export function siteNamed(sites: readonly NormSite[], name: string): NormSite {
  const found = sites.find((site) => site.name === name);
  if (found !== undefined) return found;
  const known = sites.slice(0, 5).map((site) => site.name);
  const hint = sites.length === 0 ? 'it has none' : `it has ${known.join(', ')}${sites.length > 5 ? ', ...' : ''}`;
  throw new LikenessError('invalid_request', `expected the name of a normalisation site, got ${name}; ${hint}`);
}

/** Convolutions of maps (not of the single point of a squeeze-and-excitation) that no norm follows. */
function foldedConvolutions(graph: Graph, facts: ReadonlyMap<string, MapFacts>, norms: readonly Bare[]): Bare[] {
  const normed = new Set(norms.map(({ input }) => convolutionBefore(graph, input)));
  return graph.nodes.flatMap((node) => {
    const output = node.output[0] ?? '';
    const channels = constantDims(graph, node.input[2])?.[0];
    if (node.opType !== 'Conv' || normed.has(node) || channels === undefined) return [];
    if ((facts.get(output)?.stride ?? Infinity) === Infinity) return [];
    return [{ kind: 'folded', node, input: output, output, channels, groups: undefined, epsilon: 1e-5 }];
  });
}

function siteOf(
  graph: Graph,
  facts: ReadonlyMap<string, MapFacts>,
  blocks: readonly ResidualBlock[],
  { kind, node, input, output, channels, groups, epsilon }: Bare,
): NormSite {
  const conv = convolutionBefore(graph, input);
  const convChannels = facts.get(conv?.output[0] ?? '')?.channels ?? channels;
  const block = blockAround(blocks, input, output);
  const stride = block?.stride ?? facts.get(input)?.stride ?? facts.get(output)?.stride ?? Infinity;
  return {
    name: node.name || output,
    kind,
    channels,
    partOf: convChannels > channels ? convChannels : undefined,
    groups,
    epsilon,
    floatType: facts.get(input)?.floatType ?? 'float32',
    stage: stageOf(stride),
    input,
    output,
    conv: conv && (conv.name || (conv.output[0] ?? '')),
    activation: activationBehind(graph, output)?.operator,
    block: block && { output: block.output, way: wayOf(block, output), position: 0 },
  };
}

/** The innermost block that holds the site, or that it stands behind. */
function blockAround(blocks: readonly ResidualBlock[], input: string, output: string): ResidualBlock | undefined {
  const around = blocks.filter((it) => it.output === input || it.body.has(output) || it.shortcut.has(output));
  return around.toSorted((a, b) => a.body.size - b.body.size)[0];
}

function wayOf(block: ResidualBlock, output: string): BlockPlace['way'] {
  if (block.body.has(output)) return 'body';
  return block.shortcut.has(output) ? 'shortcut' : 'after';
}

/** @returns the activation that reads a value, seen through the concatenation of parts, and the value that it gives. */
export function activationBehind(graph: Graph, value: string): { operator: string; output: string } | undefined {
  const readers = graph.consumers(value);
  const sigmoid = readers.find(({ opType }) => opType === 'Sigmoid')?.output[0] ?? '';
  const gate = readers.find(({ opType, input }) => opType === 'Mul' && input.includes(sigmoid));
  if (gate !== undefined) return { operator: 'Silu', output: gate.output[0] ?? '' };
  const found = readers.find(({ opType }) => ACTIVATIONS.has(opType));
  if (found !== undefined) return { operator: found.opType, output: found.output[0] ?? '' };
  const through = readers.find(({ opType }) => opType === 'Concat' || opType === 'Identity' || opType === 'Cast');
  return through && activationBehind(graph, through.output[0] ?? '');
}

/** Counts the norms along each way of each block. */
function withPositions(sites: readonly NormSite[]): NormSite[] {
  const ways = new Map<string, string[]>();
  return sites.map((site) => {
    if (site.block === undefined) return site;
    const way = `${site.block.way} ${site.block.output}`;
    const seen = ways.get(way) ?? [];
    const part = site.conv ?? site.name;
    if (!seen.includes(part)) seen.push(part);
    ways.set(way, seen);
    return { ...site, block: { ...site.block, position: seen.indexOf(part) } };
  });
}

/** Node names need not be unique in the format; the names of values are. */
function withUniqueNames(sites: readonly NormSite[]): NormSite[] {
  const count = new Map<string, number>();
  for (const { name } of sites) count.set(name, (count.get(name) ?? 0) + 1);
  return sites.map((site) => (count.get(site.name) === 1 ? site : { ...site, name: site.output }));
}
