import { z } from 'zod';
import { LikenessError } from '../engine/errors.js';
import { chainRequestSchema, scalesSchema, type ChainRequest } from '../engine/model/descriptor-request.js';

/** How chains are written on the command line. */
export const CHAIN_SYNTAX =
  'mac, spoc[:centre], gem[:P], crow, rmac[:LEVELS][:projection], attention-rmac[:LEVELS][:projection][:learned], ' +
  'then power[:EXPONENT], projection[:FILE], l2, joined by +';

/** Each stage's options in their order, as a request has them. */
const STAGES: Record<string, (options: string[]) => Record<string, unknown>> = {
  mac: () => ({}),
  spoc: (options) => (takeWord(options, 'centre') ? { centrePrior: true } : {}),
  gem: (options) => numberAs('p', options),
  crow: () => ({}),
  rmac: regionOptions,
  'attention-rmac': (options) => ({
    ...regionOptions(options),
    ...(takeWord(options, 'learned') ? { attention: {} } : {}),
  }),
  power: (options) => numberAs('exponent', options),
  projection: (options) => (options.length > 0 ? { file: options.shift() } : {}),
  l2: () => ({}),
};

/**
 * @param text such as `gem:4+projection`, see {@link CHAIN_SYNTAX}; l2 comes last by itself
 * @throws `invalid_request` naming what is no stage
 */
export function parseChain(text: string): ChainRequest {
  return check(chainRequestSchema, text.split('+').map(parseStage), text);
}

/** @param text factors joined by +, such as `1+0.7071+0.5`. @throws `invalid_request` */
export function parseScales(text: string): number[] {
  return check(scalesSchema, text.split('+').map(Number), text);
}

function parseStage(text: string): unknown {
  const [stage = '', ...options] = text.split(':');
  const known = Object.hasOwn(STAGES, stage) ? STAGES[stage] : undefined;
  const fields = known?.(options);
  if (fields !== undefined && options.length === 0) return { stage, ...fields };
  throw new LikenessError('invalid_request', `chain: expected ${CHAIN_SYNTAX}; got ${text}`);
}

function regionOptions(options: string[]): Record<string, unknown> {
  const levels = /^\d+$/.test(options[0] ?? '') ? { levels: Number(options.shift()) } : {};
  return { ...levels, ...(takeWord(options, 'projection') ? { projection: {} } : {}) };
}

/** Removes the word from the front. @returns whether it was there. */
function takeWord(options: string[], word: string): boolean {
  if (options[0] !== word) return false;
  options.shift();
  return true;
}

function numberAs(name: string, options: string[]): Record<string, number> {
  const text = options.shift();
  return text === undefined ? {} : { [name]: text === '' ? NaN : Number(text) };
}

function check<S extends z.ZodType>(schema: S, value: unknown, text: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LikenessError('invalid_request', `${z.prettifyError(parsed.error)}; got ${text}`);
}
