import { LikenessError } from '../errors.js';
import { bootstrapOptionsSchema, type BootstrapOptions } from './bootstrap.js';
import { countPositives } from './judged-ranking.js';
import { parseMetric, type Metric } from './metrics.js';
import type { EvaluationItem, Protocol } from './protocol.js';
import type { RankGallery } from './ranking.js';
import { CLEAN } from './report/report-schema.js';
import type { Transform } from './transforms/transform.js';

/** What is measured: a model and chain under a name. */
export interface EvaluatedSystem {
  name: string;
  /** Reads the item's picture, crops it to its region, applies the transform if there is one, and describes it. */
  describe: (item: EvaluationItem, transform?: Transform) => Promise<Float32Array>;
  /** How a query is described, where that differs from the pictures that are searched. */
  describeQuery?: EvaluatedSystem['describe'];
  /** Exact ranking by dot product if not given. */
  rank?: RankGallery;
}

export interface EvaluationProgress {
  system: string;
  transform: string;
  stage: 'describe' | 'rank';
  done: number;
  total: number;
}

export interface EvaluationOptions {
  protocol: Protocol;
  /** Applied to queries only, one run each, after the untouched run. */
  transforms?: readonly Transform[];
  /** Names for parseMetric; the protocol's own if not given. */
  metrics?: readonly string[];
  bootstrap?: Partial<BootstrapOptions>;
  /** Calls of `describe` under way at a time. */
  concurrency?: number;
  /** How many best and worst queries to keep, and how many hits of each. */
  examples?: { queries: number; hits: number };
  onProgress?: (progress: EvaluationProgress) => void;
  signal?: AbortSignal;
}

/** The options, checked and complete. */
export interface EvaluationPlan extends Required<Omit<EvaluationOptions, 'metrics' | 'bootstrap' | 'signal'>> {
  /** Those with a positive: the rest cannot be scored. */
  queries: readonly EvaluationItem[];
  metrics: readonly Metric[];
  bootstrap: BootstrapOptions;
  signal: AbortSignal | undefined;
}

/** @throws invalid_request where nothing can be measured, or a name is unknown or given twice. */
export function makePlan(options: EvaluationOptions, systems: readonly EvaluatedSystem[]): EvaluationPlan {
  const { protocol, transforms = [], concurrency = 4, examples = { queries: 6, hits: 8 } } = options;
  const metrics = options.metrics ?? protocol.metrics;
  checkNames('metric', metrics);
  checkNames('system', systems.map(nameOf));
  checkNames('run', [CLEAN, ...transforms.map(nameOf)]);
  return {
    protocol,
    queries: scorableQueries(protocol),
    transforms,
    metrics: metrics.map(parseMetric),
    bootstrap: bootstrapOptionsSchema.parse(options.bootstrap ?? {}),
    concurrency,
    examples,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  };
}

function scorableQueries(protocol: Protocol): EvaluationItem[] {
  const { queries } = protocol;
  const scorable = queries.filter((query) => countPositives(protocol.relevant(query), protocol.junk(query)) > 0);
  if (scorable.length > 0) return scorable;
  const message = `expected queries with right answers in the gallery, got none among ${queries.length}`;
  throw new LikenessError('invalid_request', message);
}

function checkNames(kind: string, names: readonly string[]): void {
  if (names.length === 0) throw new LikenessError('invalid_request', `expected at least one ${kind}, got none`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new LikenessError('invalid_request', `expected each ${kind} once, got ${twice} twice`);
}

function nameOf({ name }: { name: string }): string {
  return name;
}
