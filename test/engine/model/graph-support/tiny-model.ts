/** Builds small ONNX models in readable code, and runs any model in onnxruntime with all rewriting switched off. */
import { create } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { makeAttribute, type AttributeValue } from '../../../../engine/model/graph/attributes.js';
import { valueInfo } from '../../../../engine/model/graph/node-builder.js';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
  type ModelProto,
  type TensorProto,
} from '../../../../engine/model/onnx/onnx_pb.js';
import { writeOnnx } from '../../../../engine/model/onnx/onnx-file.js';
import type { Nchw } from '../reference-ops.js';

export interface TinyNode {
  op: string;
  in: string[];
  out: string[];
  attributes?: Record<string, AttributeValue>;
}

export interface TinyModel {
  nodes: TinyNode[];
  weights?: TensorProto[];
  /** Channels of the picture `x`, [n,channels,h,w]. */
  channels?: number;
  outputs?: string[];
  opset?: number;
  irVersion?: number;
}

/** Node names are "op:first output". */
export function tinyModel({
  nodes,
  weights = [],
  channels = 3,
  outputs = ['y'],
  opset = 17,
  irVersion = 8,
}: TinyModel) {
  return create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) })],
    graph: create(GraphProtoSchema, {
      name: 'tiny',
      node: nodes.map((it) =>
        create(NodeProtoSchema, {
          opType: it.op,
          name: `${it.op}:${it.out[0] ?? ''}`,
          input: it.in,
          output: it.out,
          attribute: Object.entries(it.attributes ?? {}).map(([name, value]) => makeAttribute(name, value)),
        }),
      ),
      initializer: weights,
      input: [valueInfo('x', DataType.FLOAT, ['n', channels, 'h', 'w'])],
      output: outputs.map((name) => valueInfo(name, DataType.FLOAT, [])),
    }),
  });
}

/** @returns every output of the model; feeds are float32 maps unless given as tensors. */
export async function runModel(
  model: ModelProto,
  feeds: Record<string, Nchw | Tensor>,
): Promise<Record<string, { dims: number[]; data: Float32Array }>> {
  const session = await InferenceSession.create(writeOnnx(model), {
    graphOptimizationLevel: 'disabled',
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const tensors = Object.entries(feeds).map(([name, feed]) => [name, 'dims' in feed ? feed : toTensor(feed)]);
  const outputs = await session.run(Object.fromEntries(tensors) as Record<string, Tensor>);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, it]) => [name, { dims: [...it.dims], data: it.data as Float32Array }]),
  );
}

export function toTensor({ data, n, c, h, w }: Nchw): Tensor {
  return new Tensor('float32', Float32Array.from(data), [n, c, h, w]);
}

/** @returns a fed vector of float32. */
export function vector(values: number[]): Tensor {
  return new Tensor('float32', Float32Array.from(values), [values.length]);
}
