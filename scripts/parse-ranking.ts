import type { z } from 'zod';
import { LikenessError } from '../engine/errors.js';
import { rankingSchema, type RankingStage } from '../engine/ranking/ranking-stage.js';
import { parseJsonOption } from './parse-json-option.js';

/**
 * Reads a ranking as it is written on the command line: JSON, or stages joined by `+`, each a name and its settings, such
 * as `alpha-qe:n=5:floor=0.5+mmr`. `none` is no stage at all.
 * @throws `invalid_json`, `invalid_request` naming the option
 */
export function parseRanking(option: string, text: string): RankingStage[] {
  if (/^\s*[[{]/.test(text)) return parseJsonOption(rankingSchema, option, text);
  const stages = text === 'none' || text === '' ? [] : text.split('+').map((stage) => parseStage(option, stage));
  const parsed = rankingSchema.safeParse(stages);
  if (parsed.success) return parsed.data;
  throw new LikenessError('invalid_request', `${option}: ${faultsOf(parsed.error, stages)}`);
}

/** Numbers become numbers; `weights.price=0.2` sets a member. */
function parseStage(option: string, text: string): Record<string, unknown> {
  const [stage = '', ...settings] = text.split(':');
  const fields: Record<string, unknown> = { stage };
  for (const setting of settings) {
    const [, key, member, value] = /^([^=.]+)(?:\.([^=]+))?=(.+)$/.exec(setting) ?? [];
    if (key === undefined || value === undefined)
      throw new LikenessError('invalid_request', `${option}: expected NAME:KEY=VALUE, got ${text}`);
    const parsed = Number.isFinite(Number(value)) ? Number(value) : value;
    fields[key] = member === undefined ? parsed : { ...(fields[key] as object | undefined), [member]: parsed };
  }
  return fields;
}

function faultsOf(error: z.ZodError, stages: { stage?: unknown }[]): string {
  return error.issues
    .map(({ path: [index, ...rest], message }) => {
      const name = typeof index === 'number' ? String(stages[index]?.stage) : 'stages';
      return `${[name, ...rest].map(String).join('.')}: ${message}`;
    })
    .join('; ');
}
