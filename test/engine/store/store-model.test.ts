import fc from 'fast-check';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { creation, imageRegions, imageWrite, temporaryFolder } from './store-samples.js';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const operation = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id,
    picture: fc.nat(3),
    parts: fc.array(fc.nat(5), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('patch' as const), id, price: fc.nat(2) }),
  fc.record({ kind: fc.constant('delete' as const), id }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

it('behaves as a plain map does, through any run of writes, re-adds and restarts', () => {
  fc.assert(
    fc.property(fc.array(fc.array(operation, { maxLength: 6 }), { maxLength: 8 }), (groups) => {
      const file = join(temporaryFolder(), 'store.sqlite');
      let store = new SqliteStore({ file, create: creation });
      const images = new Map<string, { picture: number; price: number; parts: number[] }>();
      const nodes = new Map<number, number>(); // picture -> node, as the log tells
      let sequence = 0;
      for (const group of groups) {
        const writes = group.flatMap((step) => {
          const stored = step.kind === 'reopen' ? undefined : images.get(step.id);
          if (step.kind === 'put') {
            const { picture, parts } = step;
            const isSame = stored?.picture === picture && stored.price === picture;
            if (!isSame || stored.parts.join() !== parts.join()) sequence += 1;
            images.set(step.id, { picture, price: picture, parts });
            return [() => store.put(imageWrite(step.id, picture, { regions: imageRegions(...parts) }))];
          }
          if (step.kind === 'patch') {
            if (stored !== undefined && stored.price !== step.price) sequence += 1;
            if (stored !== undefined) stored.price = step.price;
            return [() => store.patchMetadata(step.id, { price: step.price })];
          }
          if (step.kind === 'delete') {
            if (images.delete(step.id)) sequence += 1;
            return [() => store.delete(step.id)];
          }
          return [];
        });
        store.commitTogether(writes);
        if (group.some(({ kind }) => kind === 'reopen')) {
          store.close();
          store = new SqliteStore({ file });
        }
      }
      // parts 0 to 3 look as the pictures of those numbers do
      const pictures = new Set([...images.values()].flatMap(({ picture, parts }) => [picture, ...parts]));
      expect(store.info()).toMatchObject({ sequence, images: images.size, nodes: pictures.size });
      const listed = store
        .list({ limit: 100 })
        .map((record) => [record.id, record.width - 400, record.metadata['price']]);
      const expected = [...images].map(([key, { picture, price }]) => [key, picture, price]).sort();
      expect(listed).toEqual(expected);
      for (const { putNode = [], deletedNode = [], regionNodes } of store.changesSince(0, 1000)) {
        for (const node of [deletedNode, regionNodes?.deleted ?? []].flat()) expect(nodes.delete(node)).toBe(true);
        for (const node of [putNode, regionNodes?.put ?? []].flat()) nodes.set(node, node);
      }
      for (const [key, { picture, parts }] of images)
        expect(store.regionsOf([imageWrite(key, picture)])).toEqual([imageRegions(...parts)]);
      expect([...store.nodePage(0, 100).nodes]).toEqual([...nodes.keys()].sort((a, b) => a - b));
      expect(store.verify()).toEqual([]);
      store.close();
    }),
    { numRuns: 25 },
  );
});
