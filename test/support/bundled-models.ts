import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../engine/package-root.js';

/** Names of the models in this checkout, in order. */
export const BUNDLED_MODELS: readonly string[] = readdirSync(join(packageRoot(), 'models')).sort();
