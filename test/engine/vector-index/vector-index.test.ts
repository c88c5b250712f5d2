import { vectorIndexContract } from '../../contract/vector-index.contract.js';
import { IndexClient } from '../../../engine/vector-index/index-client.js';
import { LocalIndex, type IndexOptions, type PersistentIndex } from '../../../engine/vector-index/local-index.js';
import type { IndexConfig } from '../../../engine/types.js';
import { indexConfig, temporaryFolder } from './fixtures.js';

const settle = (index: unknown) => (index as PersistentIndex).idle();
const options = (dimension: number, config: Partial<IndexConfig>): IndexOptions => ({
  config: indexConfig(config),
  dimension,
  fingerprint: 'model-a',
  directory: temporaryFolder(),
});

const kinds = {
  exact: { kind: 'exact' },
  hnsw: { kind: 'hnsw', exactBelow: 0 },
  sign: { kind: 'sign', exactBelow: 0 },
} as const;
for (const [kind, config] of Object.entries(kinds)) {
  vectorIndexContract(`${kind}, in this thread`, (dimension) => new LocalIndex(options(dimension, config)), settle);
  vectorIndexContract(`${kind}, in a worker`, (dimension) => IndexClient.open(options(dimension, config)), settle);
}
vectorIndexContract('hnsw, below the size where it uses the graph', (d) => new LocalIndex(options(d, {})), settle);
