import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { LikenessError } from '../../errors.js';
import {
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './onnx_pb.js';

/** Operator sets that the passes know the operators of. */
const OPSETS = { min: 7, max: 22 };
/** Versions of the file format: 3 is the first with operator sets, 13 the newest that onnxruntime 1.30 loads. */
const IR_VERSIONS = { min: 3, max: 13 };

/**
 * Reads an ONNX file. Fields that onnx.proto does not know are kept, and written again by {@link writeOnnx}.
 * @param bytes the whole file. The model's tensors look into it, so it must not be changed afterwards.
 * @throws model_invalid if it is no ONNX file, of a version not known, or keeps tensors in other files.
 */
export function readOnnx(bytes: Uint8Array): ModelProto {
  const model = parse(bytes);
  checkIrVersion(model);
  opsetOf(model);
  checkGraph(model);
  return model;
}

/** @returns the model as the bytes of an ONNX file. */
export function writeOnnx(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

/**
 * @returns version of the standard operator set that the model uses.
 * @throws model_invalid if it names none, or one outside of 7 to 22.
 */
export function opsetOf(model: ModelProto): number {
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (opset === undefined) throw invalid('expected a version of the standard operator set, found none');
  const version = Number(opset.version);
  if (version >= OPSETS.min && version <= OPSETS.max) return version;
  throw invalid(`expected an operator set from ${OPSETS.min} to ${OPSETS.max}, found ${version}`);
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    // a plain view: tensors of the model are slices of it, and a Buffer's slice is not the copy that others rely on
    return fromBinary(ModelProtoSchema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw invalid(`expected an ONNX file: ${(cause as Error).message}`, cause);
  }
}

function checkIrVersion({ irVersion }: ModelProto): void {
  if (irVersion >= IR_VERSIONS.min && irVersion <= IR_VERSIONS.max) return;
  throw invalid(`expected an ONNX file of format version ${IR_VERSIONS.min} to ${IR_VERSIONS.max}, found ${irVersion}`);
}

function checkGraph({ graph, functions }: ModelProto): void {
  if (graph === undefined) throw invalid('expected a graph, found none');
  if (graph.output.length === 0) throw invalid('expected at least one output, found none');
  const nodes = functions.flatMap((it) => it.node);
  for (const tensor of [...tensorsOfGraph(graph), ...nodes.flatMap(tensorsOfNode)]) checkInside(tensor);
}

function checkInside(tensor: TensorProto): void {
  if (tensor.dataLocation !== DataLocation.EXTERNAL && tensor.externalData.length === 0) return;
  const name = tensor.name || '(unnamed)';
  throw invalid(`expected all weights inside the file, but tensor ${name} lies in another one (external data)`);
}

function tensorsOfGraph(graph: GraphProto): TensorProto[] {
  const sparse = graph.sparseInitializer.flatMap(({ values, indices }) =>
    [values, indices].filter((it) => it !== undefined),
  );
  return [...graph.initializer, ...sparse, ...graph.node.flatMap(tensorsOfNode)];
}

function tensorsOfNode(node: NodeProto): TensorProto[] {
  return node.attribute.flatMap(tensorsOfAttribute);
}

function tensorsOfAttribute({ t, tensors, g, graphs, sparseTensor, sparseTensors }: AttributeProto): TensorProto[] {
  const sparse = [sparseTensor, ...sparseTensors].flatMap((it) => [it?.values, it?.indices]);
  const own = [t, ...tensors, ...sparse].filter((it) => it !== undefined);
  return [...own, ...[g, ...graphs].filter((it) => it !== undefined).flatMap(tensorsOfGraph)];
}

function invalid(message: string, cause?: unknown): LikenessError {
  return new LikenessError('model_invalid', message, { cause });
}
