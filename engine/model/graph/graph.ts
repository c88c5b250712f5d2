import { clone, create } from '@bufbuild/protobuf';
import { LikenessError } from '../../errors.js';
import { opsetOf } from '../onnx/onnx-file.js';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from '../onnx/onnx_pb.js';
import { makeAttribute, type AttributeValue } from './attributes.js';
import { pruneUnread } from './prune.js';
import { producersOf, topologicalOrder } from './topological-order.js';
import { readersOf, renameRead, valuesRead } from './value-uses.js';

/**
 * A copy of a model to look at and to edit: values by name, who gives and who reads them. A pass makes one, edits it and
 * takes the new model from {@link Graph.toModel}; the model it was made from stays as it was.
 */
export class Graph {
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly #model: ModelProto;
  readonly #graph: GraphProto;
  readonly #initializers: Map<string, TensorProto>;
  readonly #taken: Set<string>;
  /** Who gives and who reads each value; made when asked for after an edit. */
  #index: { producers: ReadonlyMap<string, NodeProto>; readers: ReadonlyMap<string, NodeProto[]> } | undefined;

  /** @throws model_invalid if the graph has a cycle, reads a value that nothing gives, or gives one twice. */
  constructor(model: ModelProto) {
    this.#model = clone(ModelProtoSchema, model);
    this.#graph = graphOf(this.#model);
    this.opset = opsetOf(model);
    this.#graph.node = topologicalOrder(this.#graph.node);
    this.#initializers = new Map(this.#graph.initializer.map((it) => [it.name, it]));
    this.#checkAllGiven();
    this.#taken = this.#allNames();
  }

  /** In topological order until the first edit. */
  get nodes(): readonly NodeProto[] {
    return this.#graph.node;
  }

  /** What is fed; weights that old files list among the inputs are left out. */
  get inputs(): readonly ValueInfoProto[] {
    return this.#graph.input.filter(({ name }) => !this.#initializers.has(name));
  }

  get outputs(): readonly ValueInfoProto[] {
    return this.#graph.output;
  }

  isOutput(value: string): boolean {
    return this.#graph.output.some(({ name }) => name === value);
  }

  /** @returns whether a value of that name exists: fed, stored or computed. */
  has(value: string): boolean {
    return (
      this.#isStored(value) || this.producer(value) !== undefined || this.inputs.some(({ name }) => name === value)
    );
  }

  /** @returns the stored tensor of that name. constantOf() looks through Cast, Identity and Constant nodes too. */
  initializer(value: string): TensorProto | undefined {
    return this.#initializers.get(value);
  }

  /** @returns the node that gives the value; undefined for what is fed or stored. */
  producer(value: string): NodeProto | undefined {
    return this.#indexed().producers.get(value);
  }

  /** @returns the nodes that read the value, each once. The graph's output is not among them. */
  consumers(value: string): readonly NodeProto[] {
    return this.#indexed().readers.get(value) ?? [];
  }

  /** @returns whether that node alone reads the value, and the graph does not give it out. */
  isReadOnlyBy(value: string, node: NodeProto): boolean {
    const readers = this.consumers(value);
    return readers.length === 1 && readers[0] === node && !this.isOutput(value);
  }

  /** @returns the name, or the name with a number behind it that makes it new. */
  freshName(base: string): string {
    let name = base;
    for (let i = 1; this.#taken.has(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds a node, named as its first output; its place follows from what it reads. outputs are names of new values. */
  addNode(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): NodeProto {
    const attribute = Object.entries(attributes).map(([name, value]) => makeAttribute(name, value));
    const node = create(NodeProtoSchema, {
      opType,
      name: outputs[0] ?? '',
      input: [...inputs],
      output: [...outputs],
      attribute,
    });
    this.#graph.node.push(node);
    this.#index = undefined;
    return node;
  }

  removeNode(node: NodeProto): void {
    this.#graph.node = this.#graph.node.filter((it) => it !== node);
    this.#index = undefined;
  }

  /** Lets one node read other values. */
  setInputs(node: NodeProto, inputs: readonly string[]): void {
    node.input = [...inputs];
    this.#index = undefined;
  }

  /** Adds a stored tensor; its name must be new. @returns its name. */
  addInitializer(tensor: TensorProto): string {
    this.#initializers.set(tensor.name, tensor);
    this.#graph.initializer.push(tensor);
    return tensor.name;
  }

  addInput(info: ValueInfoProto): void {
    this.#graph.input.push(info);
    this.#taken.add(info.name);
  }

  addOutput(info: ValueInfoProto): void {
    this.#graph.output.push(info);
  }

  /** Gives a value out no longer; it goes with all that only it needed. */
  removeOutput(value: string): void {
    this.#graph.output = this.#graph.output.filter(({ name }) => name !== value);
  }

  /**
   * Puts a computed value in the place of another one, whose node goes: all read the new one, and where the old one was
   * an output of the graph, the new one takes its name.
   * @throws model_invalid if both are outputs of the graph.
   */
  replaceValue(old: string, by: string): void {
    const oldNode = this.producer(old);
    if (oldNode !== undefined) this.removeNode(oldNode);
    this.#letRead(this.consumers(old), old, by);
    if (!this.isOutput(old)) return;
    if (this.isOutput(by))
      throw invalid(`expected ${by} to lie inside the graph, so as to become ${old}; it is an output`);
    this.#rename(by, old);
  }

  /**
   * Puts nodes behind a value: what read it reads theirs, and where it was an output of the graph, theirs takes its name.
   * @param build makes the nodes, which read the value it is given, and returns the value that they give.
   */
  insertBehind(value: string, build: (x: string) => string): void {
    const readers = [...this.consumers(value)];
    const y = build(value);
    this.#letRead(readers, value, y);
    if (!this.isOutput(value)) return;
    this.#rename(value, this.freshName(`${value}/inner`));
    this.#rename(y, value);
  }

  /**
   * @returns the edited model: nodes in topological order, without those that no output needs any more. It is this
   * graph's own, so edit no further.
   * @throws model_invalid if an edit made a cycle or took away what is still read.
   */
  toModel(): ModelProto {
    this.#graph.node = topologicalOrder(this.#graph.node);
    this.#checkAllGiven();
    pruneUnread(this.#graph);
    this.#takeWeightsFromInputs();
    return this.#model;
  }

  /** Format version 3 wants every weight listed as an input; from 4 on that is not needed, and none is then fed by mistake. */
  #takeWeightsFromInputs(): void {
    if (this.#model.irVersion >= 4n) return;
    this.#model.irVersion = 4n;
    this.#graph.input = [...this.inputs];
  }

  #rename(from: string, to: string): void {
    const node = this.producer(from);
    if (node === undefined) throw invalid(`expected a node that gives ${from}, so as to call it ${to}, found none`);
    node.output = node.output.map((name) => (name === from ? to : name));
    for (const reader of this.consumers(from)) renameRead(reader, from, to);
    this.#index = undefined;
  }

  #letRead(readers: readonly NodeProto[], from: string, to: string): void {
    for (const node of readers) renameRead(node, from, to);
    this.#index = undefined;
  }

  #indexed() {
    const { node } = this.#graph;
    return (this.#index ??= { producers: producersOf(node), readers: readersOf(node) });
  }

  #isStored(value: string): boolean {
    return this.#initializers.has(value) || this.#graph.sparseInitializer.some((it) => it.values?.name === value);
  }

  #checkAllGiven(): void {
    const read = [...this.#graph.node.flatMap((it) => it.input), ...this.#graph.output.map(({ name }) => name)];
    for (const name of read) {
      if (name === '' || this.has(name)) continue;
      throw invalid(`expected a node, weight or input that gives the value ${name}, found none`);
    }
  }

  #allNames(): Set<string> {
    const names = this.#graph.node.flatMap((it) => [it.name, ...it.output, ...valuesRead(it)]);
    return new Set([...names, ...this.#initializers.keys(), ...this.#graph.input.map((it) => it.name)]);
  }
}

function graphOf(model: ModelProto): GraphProto {
  if (model.graph !== undefined) return model.graph;
  throw invalid('expected a graph, found none');
}

function invalid(message: string): LikenessError {
  return new LikenessError('model_invalid', message);
}
