import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';

const PAGE = join(packageRoot(), 'dist/web');
/** Bytes of everything that the page may load, compressed as browsers get it at worst. */
const MOST_BYTES = 200_000;

const isBuilt = existsSync(PAGE);
if (!isBuilt) console.log('skipped: the weight of the page is known where it is built (npm run build)');

describe.skipIf(!isBuilt)('the page', () => {
  it('is light, the map with its worker included', () => {
    const files = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(html|js|css|svg)$/.test(name),
    );
    expect(files.some((name) => name.includes('map-worker'))).toBe(true);
    const bytes = files.map((name) => gzipSync(readFileSync(join(PAGE, name))).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
