import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { inspectModel, type ModelReport, type SiteReport } from '../../engine/model/inspect-model.js';
import type { NetworkManifest } from '../../engine/model/manifest.js';
import { readOnnx } from '../../engine/model/onnx/onnx-file.js';
import { configOf, withConfig } from '../command-options.js';
import { userPath } from '../cli-paths.js';
import { loadNetwork } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { modelPicture } from '../report/model-picture/model-picture.js';
import { shortNumber } from '../report/short-number.js';
import { textTable } from '../report/text-table.js';
import { requireOutput, writeOutput } from '../write-output.js';

interface InspectOptions {
  size?: number;
  svg?: string;
  json?: boolean;
  [key: string]: unknown;
}

/** `likeness model inspect`: what a backbone is made of, and where it normalises. */
export function addModelInspect(model: Command): void {
  withConfig(model.command('inspect'), ['dataDir'])
    .description('the sites at which a backbone normalises, its stages, parameters and cost')
    .argument('<model>', 'name of an installed model, or path of a model folder (with a slash)')
    .option('--size <pixels>', "side of the picture for the cost (default: the manifest's)", parseInteger(1, 16_384))
    .option('--svg <file>', 'write a picture of the blocks, each site in the colour of its normalisation')
    .option('--json', 'print everything as JSON')
    .action(inspect);
}

async function inspect(name: string, options: InspectOptions): Promise<void> {
  const svg = options.svg === undefined ? undefined : userPath(options.svg);
  if (svg !== undefined) await requireOutput(svg);
  const { manifest, directory, fingerprint } = await loadNetwork(name, configOf(options).dataDir);
  const network = readOnnx(await readFile(join(directory, manifest.file)));
  const report = inspectModel(network, options.size ?? manifest.preprocess.size);
  const json = { name: manifest.name, fingerprint, normalization: manifest.normalization, ...report };
  process.stdout.write(options.json === true ? `${JSON.stringify(json, null, 2)}\n` : toText(manifest, report));
  if (svg !== undefined) await writeOutput(svg, modelPicture(manifest.name, report));
}

function toText(manifest: NetworkManifest, report: ModelReport): string {
  const { opset, nodes, parameters, macs, flops, sidePx } = report;
  const value = ({ name, type, shape }: ModelReport['inputs'][number]) => `${name} ${type} [${shape.join(',')}]`;
  return [
    `${manifest.name}: ${manifest.normalization.kind}, opset ${opset}, ${nodes} nodes, ${shortNumber(parameters)} parameters`,
    `in   ${report.inputs.map(value).join(', ')}`,
    `out  ${report.outputs.map(value).join(', ')}`,
    `cost ${shortNumber(macs)} multiply-accumulates (${shortNumber(flops)} FLOPs) at ${sidePx} x ${sidePx} px, of convolutions and linear layers`,
    '',
    stageTable(report),
    siteTable(report),
  ].join('\n');
}

function stageTable({ stages }: ModelReport): string {
  const rows = stages.map(({ stage, blocks, macs, parameters }) => [
    String(stage),
    String(blocks),
    shortNumber(macs),
    shortNumber(parameters),
  ]);
  return textTable(['stage', 'blocks', 'MACs', 'parameters'], rows);
}

function siteTable({ sites }: ModelReport): string {
  return textTable(['stage', 'block', 'kind', 'channels', 'conv', 'then', 'site'], sites.map(siteRow));
}

function siteRow({ stage, block, kind, channels, partOf, groups, conv, activation, name }: SiteReport): string[] {
  const kernel = conv?.kernel?.join('x') ?? conv?.operator ?? '';
  return [
    String(stage ?? 'head'),
    block === undefined ? '' : `${block.number} ${block.way} ${block.position}`,
    groups === undefined || kind === 'layer' ? kind : `${kind} of ${groups}`,
    partOf === undefined ? String(channels) : `${channels} of ${partOf}`,
    `${kernel}${(conv?.stride ?? 1) > 1 ? ` /${conv?.stride ?? 1}` : ''}${(conv?.groups ?? 1) > 1 ? ' grouped' : ''}`,
    activation ?? '',
    name,
  ];
}
