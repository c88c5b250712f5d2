import type { NodeProto } from '../onnx/onnx_pb.js';
import type { FloatType } from '../onnx/tensor.js';
import type { Stage } from './stage.js';

/**
 * How a site normalises. folded: no norm of its own, a convolution with bias that may have taken one up.
 * A group norm of one group is `layer`.
 */
export type NormKind = 'batch' | 'instance' | 'group' | 'layer' | 'folded';

/** One place of a network where feature maps are, or could be, normalised. Plain data; names are those of the graph. */
export interface NormSite {
  /** Name of the node that normalises (of the convolution, where folded), or of its output where that is no key. */
  name: string;
  kind: NormKind;
  channels: number;
  /** Channels of the convolution, where the norm takes only a part of them, as both halves of IBN-a do. */
  partOf: number | undefined;
  /** Of a group norm. */
  groups: number | undefined;
  epsilon: number;
  /** What the network computes in at that place. */
  floatType: FloatType;
  /** Stage of the residual block that it is in, else of its own map; undefined where it normalises no map. */
  stage: Stage | undefined;
  /** Value that it normalises, and value that it gives; the same where folded: a norm would come behind it. */
  input: string;
  output: string;
  /** Name of the convolution (Conv, ConvTranspose, Gemm) whose output it normalises, seen through a split. */
  conv: string | undefined;
  /** Operator of the activation that reads it; Silu for x * sigmoid(x). */
  activation: string | undefined;
  block: BlockPlace | undefined;
}

/** Where in a residual block a site is. */
export interface BlockPlace {
  /** Value that the block's addition gives. */
  output: string;
  /** after: behind the addition, before its activation, as the extra norm of IBN-b. */
  way: 'body' | 'shortcut' | 'after';
  /** 0 is the first norm of that way. Norms of one convolution's parts share a position. */
  position: number;
}

/** A norm as it stands in the graph: one node, or several that amount to one. */
export interface FoundNorm {
  kind: Exclude<NormKind, 'folded'>;
  /** The node that gives the site its name. */
  node: NodeProto;
  input: string;
  output: string;
  channels: number;
  groups: number | undefined;
  epsilon: number;
}
