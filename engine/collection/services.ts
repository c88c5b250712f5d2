import type { ClassicalThread } from '../classical/classical-thread.js';
import type { EngineConfig } from '../config.js';
import type { FeatureKeeper } from './feature-keeper.js';
import type { Extractor } from '../extractor.js';
import type { ImageLimits } from '../image/limits.js';
import type { LoadedDetector } from '../model/detector-folder.js';
import type { ModelRegistry } from '../model/registry.js';
import type { RankingThread } from '../ranking/ranking-thread.js';

/** Where the engine tells of events that an operator should know; the server hands in its logger. */
export type EventLog = (event: string, facts: Record<string, unknown>) => void;

/** What all collections of an engine share. */
export interface CollectionServices {
  config: EngineConfig;
  limits: ImageLimits;
  models: ModelRegistry;
  extractor: Extractor;
  /** What finds the subjects of pictures; without it, each collection's own model does. */
  detector?: LoadedDetector;
  ranking: RankingThread;
  classical: ClassicalThread;
  features: FeatureKeeper;
  log: EventLog;
}
