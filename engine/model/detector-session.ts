import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { LikenessError } from '../errors.js';
import type { LoadedDetector } from './detector-folder.js';
import { detectorRows, type DetectorManifest } from './detector-manifest.js';
import { pictureTensor } from './picture-tensor.js';
import { SESSION_OPTIONS } from './session.js';

/** A detector in memory, ready to run. Runs block the thread, so it lives in a worker. */
export class DetectorSession {
  readonly manifest: DetectorManifest;
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession, manifest: DetectorManifest) {
    this.#session = session;
    this.manifest = manifest;
  }

  /** Loads a network and runs it once. @throws model_invalid if it does not give what the manifest says. */
  static async open({ directory, manifest }: LoadedDetector): Promise<DetectorSession> {
    const bytes = await readFile(join(directory, manifest.file));
    const onnx = await InferenceSession.create(bytes, SESSION_OPTIONS).catch((cause: unknown) => {
      throw invalid(manifest, `expected an ONNX file that can be loaded: ${(cause as Error).message}`, cause);
    });
    const session = new DetectorSession(onnx, manifest);
    await session.run(new Float32Array(3 * manifest.size ** 2));
    return session;
  }

  /**
   * @param tensor [3, size, size], or [size, size, 3] where the manifest's layout is nhwc.
   * @returns rows [n, 5 + classes].
   * @throws model_invalid if the network fails on it or gives something else.
   */
  async run(tensor: Float32Array): Promise<Float32Array> {
    const { input, output, size, classes } = this.manifest;
    const feeds = { [input.name]: pictureTensor(input, tensor, 1, size, size) };
    const outputs = await this.#session.run(feeds, [output.name]).catch((cause: unknown) => {
      throw invalid(this.manifest, `failed on an input of ${size} px: ${(cause as Error).message}`, cause);
    });
    const { dims, data } = outputs[output.name]!;
    const expected = [1, detectorRows(this.manifest), 5 + classes.length];
    if (dims.join() === expected.join() && data instanceof Float32Array) return data;
    throw invalid(this.manifest, `expected output ${output.name} to be [${expected.join()}], found [${dims.join()}]`);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

function invalid({ name }: DetectorManifest, message: string, cause?: unknown): LikenessError {
  return new LikenessError('model_invalid', `detector ${name}: ${message}`, cause === undefined ? {} : { cause });
}
