import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { questions } from './store-answers.js';
import { creation, imageRegions, imageWrite, temporaryFolder } from './store-samples.js';

/** Stores that each version of the format wrote, and what they answered then. Written once, never again. */
const VERSIONS = [1, 2, 3, 4];
const golden = (version: number) => new URL(`../../golden/store-v${version}.sqlite`, import.meta.url);
const goldenAnswers = (version: number) => new URL(`../../golden/store-v${version}.json`, import.meta.url);
const IDS = ['a/é "quoted".jpg', 'b', 'c', 'd', 'e', 'gone'];
const ASK = questions(
  IDS,
  IDS.map((_, i) => imageWrite('', i).contentHash),
);

function answers(store: SqliteStore): Record<string, unknown> {
  const given = Object.entries(ASK).map(([name, ask]) => [name, ask(store)]);
  return JSON.parse(JSON.stringify(Object.fromEntries(given))) as Record<string, unknown>;
}

/** Of the newest version: shared nodes, regions, a replacement, a deletion, each kind of source and of metadata value, a pruned log. */
function makeGolden(): void {
  const file = join(temporaryFolder(), 'golden.sqlite');
  const store = new SqliteStore({
    file,
    create: { ...creation, sequence: 7, config: { textFields: ['text', 'brand'] } },
  });
  const metadata = { text: 'x', number: 1.5, yes: true, nothing: null, list: ['a', 1], inner: { deep: [] } };
  const perceptualHash = '00ff00ff12345678';
  const changes = [
    { metadata, perceptualHash },
    {},
    {},
    { regions: imageRegions(9, 20, 9) },
    { regions: imageRegions(20) },
  ];
  IDS.forEach((id, i) => store.put(imageWrite(id, i % 4, changes[i])));
  store.put(imageWrite('b', 9, { source: { kind: 'url', url: 'https://example.org/b.jpg' } }));
  store.put(imageWrite('c', 9, { source: { kind: 'file', path: '/p/c.jpg', root: '/p', mtimeMs: 1.25 } }));
  store.patchMetadata('d', { brand: 'brand-1', price: 3 });
  store.pruneLog(8);
  store.delete('gone');
  writeFileSync(goldenAnswers(VERSIONS.at(-1)!), `${JSON.stringify(answers(store), null, 2)}\n`);
  store.close();
  copyFileSync(file, golden(VERSIONS.at(-1)!));
}

if (process.env['WRITE_GOLDEN'] === '1') it('writes the golden store anew', makeGolden);

it.each(VERSIONS)('opens a store of format version %i and gives the answers of then', (version) => {
  const file = join(temporaryFolder(), 'store.sqlite');
  copyFileSync(golden(version), file);
  const store = new SqliteStore({ file, expectFingerprint: 'fingerprint-1' });
  expect(answers(store)).toEqual(JSON.parse(readFileSync(goldenAnswers(version), 'utf8')));
  expect(store.verify()).toEqual([]);
  expect(store.textFaults()).toEqual([]);
  if (version >= 4) expect(store.searchText('x', { limit: 9 }).map(({ record }) => record.id)).toEqual([IDS[0]]);
  expect(store.put(imageWrite('new', 50))).toMatchObject({ outcome: 'added', sequence: 18 });
  store.close();
});
