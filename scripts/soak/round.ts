import type { HttpSender } from '../../client/http-sender.js';
import type { LikenessClient } from '../../client/likeness-client.js';
import type { Random } from '../demo/random.js';
import type { ServerProcess } from './likeness-process.js';
import type { SoakPicture } from './pictures.js';
import type { World } from './world.js';

/** What one round works with: a server that runs, and what must be in it. */
export interface Round {
  number: number;
  dataDir: string;
  collection: string;
  server: ServerProcess;
  client: LikenessClient;
  http: HttpSender;
  world: World;
  looks: SoakPicture[];
  /** Descriptors of looks that were imported without a picture. */
  vectors: Map<string, Float32Array>;
  random: Random;
}

/** A way to be interrupted. */
export interface Phase {
  name: string;
  /** LIKENESS_* of its servers. */
  environment: Record<string, string>;
  /** Readies the data directory before its first server. */
  prepare?: (dataDir: string) => Promise<void>;
  /** Loads the server (or ends it, and runs another command) and kills it. @returns whether that cut something short */
  interrupt: (round: Round) => Promise<boolean>;
}
