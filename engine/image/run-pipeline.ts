import type { FailOnOptions, Sharp } from 'sharp';
import { LikenessError } from '../errors.js';
import type { ImageLimits } from './limits.js';
import { openImage } from './sharp-setup.js';

/** The result of a pipeline; degraded if the picture has flaws that its decoder could read past. */
export interface PipelineResult<T> {
  value: T;
  degraded: boolean;
}

/**
 * Runs sharp on bytes of strangers, within the time cap. Decoding is strict first; many real photographs carry harmless
 * warnings, so what fails is tried once more with warnings allowed. Missing data is refused in both passes.
 *
 * @param build finishes the pipeline, e.g. (image) => image.resize(64, 64).raw().toBuffer()
 * @throws LikenessError truncated_image, too_many_pixels, unsupported_format (channels), decode_timeout
 */
export async function runPipeline<T>(
  bytes: Uint8Array,
  limits: ImageLimits,
  build: (image: Sharp) => Promise<T>,
): Promise<PipelineResult<T>> {
  // sharp's own cap, in whole seconds, stops libvips; ours answers the caller in time even while libvips is not listening
  const seconds = Math.max(1, Math.ceil(limits.timeoutMs / 1000));
  const attempt = (failOn: FailOnOptions) => build(openImage(bytes, limits, failOn).timeout({ seconds }));
  return await withDeadline(runTwice(attempt), limits.timeoutMs);
}

async function runTwice<T>(attempt: (failOn: FailOnOptions) => Promise<T>): Promise<PipelineResult<T>> {
  try {
    return { value: await attempt('warning'), degraded: false };
  } catch (thrown) {
    const error = toImageError(thrown);
    if (error.code !== 'truncated_image') throw error;
  }
  try {
    return { value: await attempt('error'), degraded: true };
  } catch (thrown) {
    throw toImageError(thrown);
  }
}

/** libvips has messages, no codes; what is not recognised is damage, for the first bytes said a supported format. */
function toImageError(thrown: unknown): LikenessError {
  if (thrown instanceof LikenessError) return thrown;
  const reason = thrown instanceof Error ? (thrown.message.split('\n', 1)[0] ?? '') : String(thrown);
  const options = { details: { reason }, cause: thrown };
  if (reason.includes('exceeds pixel limit')) return new LikenessError('too_many_pixels', reason, options);
  if (reason.includes('exceeds channel limit')) return new LikenessError('unsupported_format', reason, options);
  if (reason.startsWith('timeout'))
    return new LikenessError('decode_timeout', `decoding took too long (${reason})`, options);
  return new LikenessError(
    'truncated_image',
    `expected a whole picture, got one that ends early or is damaged`,
    options,
  );
}

/** @throws LikenessError decode_timeout if the work is not done in time; it then ends unheard */
async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `expected decoding within ${timeoutMs} ms, it took longer`;
      reject(new LikenessError('decode_timeout', message, { details: { timeoutMs } }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
