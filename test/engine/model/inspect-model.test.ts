import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../../engine/model/inspect-model.js';
import { readOnnx } from '../../../engine/model/onnx/onnx-file.js';
import { floatTensor } from '../../../engine/model/onnx/tensor.js';
import { applyPasses } from '../../../engine/model/passes/apply-passes.js';
import { FIRST } from './graph-support/real-models.js';
import { miniResnet } from './graph-support/mini-resnet.js';
import { tinyModel } from './graph-support/tiny-model.js';

const zeros = (name: string, ...dims: number[]) =>
  floatTensor(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));
const square = (k: bigint, s: bigint, pad: bigint) => ({
  kernel_shape: [k, k],
  strides: [s, s],
  pads: [pad, pad, pad, pad],
});

describe('inspectModel', () => {
  it('counts by hand: a convolution, a depthwise one, a norm, a linear layer', () => {
    const model = tinyModel({
      nodes: [
        { op: 'Conv', in: ['x', 'w1'], out: ['a'], attributes: square(3n, 2n, 1n) },
        { op: 'BatchNormalization', in: ['a', 's', 'b', 'm', 'v'], out: ['n'] },
        { op: 'Relu', in: ['n'], out: ['r'] },
        { op: 'Conv', in: ['r', 'w2', 'b'], out: ['d'], attributes: { ...square(3n, 1n, 1n), group: 4n } },
        { op: 'GlobalAveragePool', in: ['d'], out: ['g'] },
        { op: 'Flatten', in: ['g'], out: ['f'] },
        { op: 'Gemm', in: ['f', 'w3'], out: ['y'] },
      ],
      weights: [
        zeros('w1', 4, 3, 3, 3),
        zeros('w2', 4, 1, 3, 3),
        zeros('w3', 4, 5),
        ...['s', 'b', 'm', 'v'].map((it) => zeros(it, 4)),
      ],
    });
    const report = inspectModel(model, 9);
    // 9 px at stride 2 are 5 x 5 points
    expect(report.stages).toEqual([
      { stage: 'stem', blocks: 0, macs: 25 * 108 + 25 * 36, parameters: 108 + 16 + 36 },
      { stage: 'head', blocks: 0, macs: 20, parameters: 20 },
    ]);
    expect([report.macs, report.flops, report.parameters]).toEqual([3620, 7240, 180]);
    expect(report.inputs).toEqual([{ name: 'x', type: 'float', shape: ['n', 3, 'h', 'w'] }]);
    expect(report.sites).toEqual([
      {
        ...{ name: 'BatchNormalization:n', kind: 'batch', channels: 4, stage: 'stem', activation: 'Relu' },
        conv: { operator: 'Conv', name: 'Conv:a', kernel: [3, 3], stride: 2, groups: 1 },
      },
      {
        ...{ name: 'Conv:d', kind: 'folded', channels: 4, stage: 'stem' },
        conv: { operator: 'Conv', name: 'Conv:d', kernel: [3, 3], stride: 1, groups: 4 },
      },
    ]);
  });

  it('counts a transposed convolution by its input', () => {
    const attributes = { kernel_shape: [2n, 2n], strides: [2n, 2n] };
    const model = tinyModel({
      nodes: [{ op: 'ConvTranspose', in: ['x', 'w'], out: ['y'], attributes }],
      weights: [zeros('w', 3, 5, 2, 2)],
    });
    expect(inspectModel(model, 4).macs).toBe(16 * 60);
  });

  it('places sites in blocks, those of shortcuts too', () => {
    const report = inspectModel(miniResnet({ blocks: [1, 2], kind: 'basic' }), 32);
    expect(report.stages.map(({ stage, blocks }) => [stage, blocks])).toEqual([
      ['stem', 0],
      [1, 1],
      [2, 2],
    ]);
    const places = report.sites.map(({ block }) => block && `${block.number} ${block.way} ${block.position}`);
    expect(places).toEqual([
      undefined,
      ...['1 body 0', '1 body 1'],
      ...['2 body 0', '2 body 1', '2 shortcut 0', '3 body 0', '3 body 1'],
    ]);
  });

  it('looks through weights that are stored as float16', () => {
    const model = miniResnet({ blocks: [1], kind: 'basic' });
    const halved = applyPasses(model, [{ pass: 'weight-storage', storage: 'float16' }]).model;
    const { stages, macs, parameters } = inspectModel(model, 32);
    expect(inspectModel(halved, 32)).toMatchObject({ stages, macs, parameters });
  });

  it('tells both halves of IBN-a in the bundled network', () => {
    const { sites, opset, parameters } = inspectModel(readOnnx(readFileSync(FIRST.path)), 144);
    const halves = sites.filter(({ partOf }) => partOf !== undefined);
    expect([opset, sites.length, halves.length, parameters]).toEqual([17, 28, 12, 2_936_752]);
  });
});
