import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { evaluationReportSchema, type EvaluationReport } from './report-schema.js';

/** @returns the report as JSON, checked against its schema; the same report gives the same bytes. */
export function reportToJson(report: EvaluationReport): string {
  return `${JSON.stringify(evaluationReportSchema.parse(report))}\n`;
}

/** @throws invalid_json, or invalid_request where the JSON is not a report of this format. */
export function reportFromJson(text: string): EvaluationReport {
  const parsed = evaluationReportSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new LikenessError('invalid_request', `expected an evaluation report: ${z.prettifyError(parsed.error)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LikenessError('invalid_json', 'expected an evaluation report as JSON', { cause });
  }
}
