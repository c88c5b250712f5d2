import { readFile } from 'node:fs/promises';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { FeatureMap } from '../types.js';
import { fixedInputs } from './fixed-inputs.js';
import { invalidModel } from './invalid-model.js';
import type { FixedInputs, NetworkManifest } from './manifest.js';
import { pictureTensor } from './picture-tensor.js';
import { checkInput, checkOutput, checkFeatureMap } from './session-checks.js';

/**
 * One thread a session: the pool of workers is what uses the cores, and threads that spin would take them from it.
 * Memory patterns are planned anew for each input size and kept: with varying sizes they cost 120 MB more than the arena
 * alone (EfficientNet-B4, 60 sizes), and bought no speed.
 */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableCpuMemArena: true,
  enableMemPattern: false,
  // nested keys are joined with dots, and the values must be strings
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
};

/** A network in memory, ready to run. Runs block the thread, so it lives in a worker; end the thread to be rid of it. */
export class Session {
  readonly #session: InferenceSession;
  readonly #manifest: NetworkManifest;
  /** Fed on every run beside the picture, unless the run brings values of its own. */
  readonly #fixed: Record<string, Tensor>;

  private constructor(session: InferenceSession, manifest: NetworkManifest) {
    this.#session = session;
    this.#manifest = manifest;
    this.#fixed = fixedInputs(session.inputMetadata, manifest);
  }

  /**
   * Loads a network, checks its inputs and outputs against the manifest, and runs it once on noise.
   * @throws model_invalid saying what was expected, of what name, and what was found.
   */
  static async open(modelFile: string, manifest: NetworkManifest): Promise<Session> {
    // by its bytes, not its path: weights kept in another file escape the manifest's hash, and so fail to load
    const onnx = await InferenceSession.create(await readFile(modelFile), SESSION_OPTIONS).catch((cause: unknown) => {
      throw invalidModel(manifest, `expected an ONNX file that can be loaded: ${(cause as Error).message}`, cause);
    });
    checkInput(onnx.inputMetadata, manifest);
    checkOutput(onnx.outputMetadata, manifest);
    const session = new Session(onnx, manifest);
    const side = dryRunSide(manifest);
    checkFeatureMap(await session.run(noise(3 * side * side), side, side), side, manifest);
    return session;
  }

  /**
   * Runs the network on one picture.
   * @param tensor [3,height,width], or [height,width,3] where the manifest's layout is nhwc.
   * @param inputs in place of values that the manifest fixes, see {@link checkQueryInputs}.
   * @throws model_invalid if the network fails on it or gives something else than [1,C,h,w].
   */
  async run(tensor: Float32Array, height: number, width: number, inputs?: FixedInputs): Promise<FeatureMap> {
    const { input, output } = this.#manifest;
    const picture = pictureTensor(input, tensor, 1, height, width);
    const feeds = { ...this.#fixed, ...this.#own(inputs), [input.name]: picture };
    const shape = picture.dims.join(',');
    const outputs = await this.#session.run(feeds, [output.name]).catch((cause: unknown) => {
      throw invalidModel(this.#manifest, `failed on an input [${shape}]: ${(cause as Error).message}`, cause);
    });
    return this.#toFeatureMap(outputs[output.name]!);
  }

  /** @returns whether the network takes pictures of that size; one of fixed sides takes no other. */
  takes(height: number, width: number): boolean {
    const picture = this.#session.inputMetadata.find(({ name }) => name === this.#manifest.input.name);
    const shape = picture?.isTensor === true ? picture.shape : [];
    const sides = this.#manifest.input.layout === 'nchw' ? shape.slice(2) : shape.slice(1, 3);
    return [height, width].every((size, i) => typeof sides[i] !== 'number' || sides[i] === size);
  }

  /** Frees the network. Some of its memory stays with the process until the thread ends. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  #own(inputs: FixedInputs | undefined): Record<string, Tensor> {
    if (inputs === undefined) return {};
    return fixedInputs(this.#session.inputMetadata, { ...this.#manifest, inputs });
  }

  #toFeatureMap(tensor: Tensor): FeatureMap {
    const [batch, channels, height, width] = tensor.dims;
    if (
      batch !== 1 ||
      channels === undefined ||
      height === undefined ||
      width === undefined ||
      tensor.dims.length > 4
    ) {
      const found = `expected output ${this.#manifest.output.name} to be [1,C,h,w], found [${tensor.dims.join(',')}]`;
      throw invalidModel(this.#manifest, found);
    }
    return { channels, height, width, data: tensor.data as Float32Array };
  }
}

/** The side that preprocessing gives a square picture. */
function dryRunSide({ preprocess }: NetworkManifest): number {
  const { policy, size, multipleOf } = preprocess;
  return policy === 'fit' ? Math.max(1, Math.round(size / multipleOf)) * multipleOf : size;
}

/** Values in -1..1 that are the same each time and repeat only after a long while. */
function noise(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.7));
}
