import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LikenessError } from '../../engine/errors.js';
import type { Filter } from '../../engine/store/filter.js';
import type { Store, StoreOptions } from '../../engine/store/store.js';
import type { Metadata } from '../../engine/types.js';
import { creation, imageRegions, imageWrite, temporaryFolder, unitVector } from '../engine/store/store-samples.js';

type Open = (options: StoreOptions) => Promise<Store>;

/** What every implementation of the port promises. */
export function storeContract(name: string, open: Open): void {
  describe(`${name} keeps the contract of a store`, () => {
    async function newStore(config = creation.config): Promise<Store> {
      const create = { ...creation, config };
      const store = await open({ file: join(temporaryFolder(), 'store.sqlite'), create });
      onTestFinished(() => store.close());
      return store;
    }

    it('starts empty, with what it was made with', async () => {
      const store = await newStore();
      expect(await store.info()).toMatchObject({
        ...creation,
        ...{ images: 0, nodes: 0, sequence: 0, logStart: 0 },
      });
      expect(await store.list({ limit: 10 })).toEqual([]);
      expect(await store.verify()).toEqual([]);
    });

    it('adds, and gives back just what was added', async () => {
      const store = await newStore();
      const { descriptor, ...facts } = imageWrite('shop/a.jpg', 1, {
        source: { kind: 'file', path: '/p/a.jpg', root: '/p', mtimeMs: 12.5 },
        metadata: { brand: 'acme', tags: ['x', 'y'], nested: { deep: null }, 'odd "key"\u0000': '\ud800' },
      });
      const commit = await store.put({ ...facts, descriptor });
      expect(commit).toMatchObject({ outcome: 'added', sequence: 1, putNode: { node: 1, vector: descriptor } });
      const record = await store.get('shop/a.jpg');
      expect(record).toEqual({ ...facts, sequence: 1, createdAt: record.createdAt, updatedAt: record.createdAt });
      expect(commit.record).toEqual(record);
      expect(await store.descriptorOf('shop/a.jpg')).toEqual({ node: 1, vector: descriptor });
    });

    it('gives equal descriptors one node, which goes with its last image and is never used again', async () => {
      const store = await newStore();
      expect((await store.put(imageWrite('a', 7))).putNode?.node).toBe(1);
      const second = await store.put(imageWrite('b', 7));
      expect(second).not.toHaveProperty('putNode');
      expect(await store.info()).toMatchObject({ images: 2, nodes: 1 });
      expect(await store.delete('a')).toEqual({ sequence: 3 });
      expect(await store.delete('b')).toMatchObject({ sequence: 4, deletedNode: 1 });
      expect((await store.put(imageWrite('a', 7))).putNode?.node).toBe(2);
      expect(await store.info()).toMatchObject({ images: 1, nodes: 1, sequence: 5 });
    });

    it('says unchanged and writes nothing when all is stored so already, whatever the order of fields', async () => {
      const store = await newStore();
      await store.put(imageWrite('a', 1, { metadata: { x: 1, y: 2 } }));
      const before = await store.get('a');
      const again = await store.put(imageWrite('a', 1, { metadata: { y: 2, x: 1 } }));
      expect(again).toEqual({ outcome: 'unchanged', sequence: 1, record: before });
      expect((await store.info()).sequence).toBe(1);
    });

    it('brings the source of an unchanged image up to date', async () => {
      const store = await newStore();
      const source = { kind: 'file', path: '/old', mtimeMs: 1 } as const;
      await store.put(imageWrite('a', 1, { source }));
      const before = await store.get('a');
      const moved = await store.put(imageWrite('a', 1, { source: { ...source, path: '/new' } }));
      expect(moved).toMatchObject({ outcome: 'unchanged', sequence: 2 });
      expect(await store.get('a')).toEqual({ ...before, source: { ...source, path: '/new' }, sequence: 2 });
    });

    it('replaces: new node in, old node out, createdAt kept', async () => {
      const store = await newStore();
      await store.put(imageWrite('a', 1, { createdAt: '2020-01-01T00:00:00.000Z' }));
      const commit = await store.put(imageWrite('a', 2));
      expect(commit).toMatchObject({ outcome: 'replaced', sequence: 2, putNode: { node: 2 }, deletedNode: 1 });
      expect(await store.get('a')).toMatchObject({ createdAt: '2020-01-01T00:00:00.000Z', width: 402, sequence: 2 });
    });

    it('tells content that no image with a kept original has any more', async () => {
      const store = await newStore();
      const file = { kind: 'file', path: '/p', mtimeMs: 0 } as const;
      const { contentHash } = imageWrite('a', 1);
      await store.put(imageWrite('a', 1));
      await store.put(imageWrite('b', 1));
      await store.put(imageWrite('c', 1, { source: file }));
      expect(await store.keptContentHashes()).toEqual([contentHash]);
      expect(await store.delete('a')).not.toHaveProperty('unusedContent');
      expect(await store.put(imageWrite('b', 2))).toMatchObject({ unusedContent: contentHash });
      expect(await store.delete('c')).not.toHaveProperty('unusedContent');
      expect(await store.put(imageWrite('b', 2, { source: file }))).toMatchObject({ outcome: 'unchanged' });
      expect(await store.keptContentHashes()).toEqual([]);
    });

    it('merges metadata patches', async () => {
      const store = await newStore();
      await store.put(imageWrite('a', 1, { metadata: { keep: 1, drop: 2, deep: { x: 1, y: 2 } } }));
      const { record, sequence } = await store.patchMetadata('a', { drop: null, deep: { x: null, z: [1] }, more: 't' });
      expect(record.metadata).toEqual({ keep: 1, deep: { y: 2, z: [1] }, more: 't' });
      expect(sequence).toBe(2);
      expect(await store.get('a')).toEqual(record);
      expect((await store.patchMetadata('a', { keep: 1 })).sequence).toBe(2);
      await expect(store.patchMetadata('a', { big: 'x'.repeat(70_000) })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    it('refuses by name what is not there or does not fit', async () => {
      const store = await newStore();
      const missing = { code: 'image_not_found', details: { id: 'no', collection: 'samples' } };
      await expect(store.get('no')).rejects.toMatchObject(missing);
      await expect(store.delete('no')).rejects.toMatchObject(missing);
      await expect(store.patchMetadata('no', {})).rejects.toMatchObject(missing);
      await expect(store.descriptorOf('no')).rejects.toMatchObject(missing);
      const put = (descriptor: Float32Array) => store.put(imageWrite('a', 1, { descriptor }));
      await expect(put(unitVector(1, 3))).rejects.toMatchObject({ code: 'dimension_mismatch' });
      await expect(put(Float32Array.of(1, 1, 0, 0))).rejects.toMatchObject({ code: 'invalid_descriptor' });
      await expect(put(Float32Array.of(NaN, 1, 0, 0))).rejects.toMatchObject({ code: 'invalid_descriptor' });
      expect(await store.info()).toMatchObject({ images: 0, nodes: 0, sequence: 0 });
    });

    it('commits what comes together one by one in order, and a failing write fails alone', async () => {
      const store = await newStore();
      const results = await Promise.allSettled([
        ...Array.from({ length: 20 }, (_, i) => store.put(imageWrite(`id-${i}`, i % 5))),
        store.delete('missing'),
        store.delete('id-0'),
      ]);
      const sequences = results.map((result) => (result.status === 'fulfilled' ? result.value.sequence : 'failed'));
      expect(sequences).toEqual([...Array.from({ length: 20 }, (_, i) => i + 1), 'failed', 21]);
      expect((results[20] as PromiseRejectedResult).reason as LikenessError).toMatchObject({ code: 'image_not_found' });
      expect(await store.info()).toMatchObject({ images: 19, nodes: 5, sequence: 21 });
    });

    it('lists by id in pages, with or without a filter', async () => {
      const store = await newStore();
      for (const i of [3, 1, 2, 0]) await store.put(imageWrite(`id-${i}`, i));
      const ids = async (page: Parameters<Store['list']>[0]) => (await store.list(page)).map(({ id }) => id);
      expect(await ids({ limit: 2 })).toEqual(['id-0', 'id-1']);
      expect(await ids({ after: 'id-1', limit: 9 })).toEqual(['id-2', 'id-3']);
      expect(await ids({ limit: 9, filter: { price: { gte: 2 } } })).toEqual(['id-2', 'id-3']);
      expect(await store.count({ brand: 'brand-0' })).toBe(2);
      expect(await store.count()).toBe(4);
      expect((await store.getMany(['id-3', 'none', 'id-0'])).map(({ id }) => id)).toEqual(['id-3', 'id-0']);
    });

    it('finds by content', async () => {
      const store = await newStore();
      for (const id of ['b', 'a']) await store.put(imageWrite(id, 1));
      const { contentHash, descriptor } = imageWrite('a', 1);
      const known = { vector: descriptor, width: 401, height: 300, format: 'jpeg' };
      expect(await store.descriptorByContent(contentHash)).toEqual(known);
      expect(await store.descriptorByContent('f'.repeat(64))).toBeUndefined();
      expect(await store.idsByContent([contentHash, 'f'.repeat(64)])).toEqual({ [contentHash]: ['a', 'b'] });
    });

    it('keeps the perceptual hash of a picture, and fills in what was not known', async () => {
      const store = await newStore();
      const hash = '0123456789abcdef';
      const { contentHash } = imageWrite('a', 1);
      expect((await store.put(imageWrite('a', 1))).record).not.toHaveProperty('perceptualHash');
      expect((await store.put(imageWrite('b', 1, { perceptualHash: hash }))).record.perceptualHash).toBe(hash);
      await store.put(imageWrite('c', 2));
      expect(await store.descriptorByContent(contentHash)).toMatchObject({ perceptualHash: hash });
      const other = 'f'.repeat(16);
      expect(await store.fillPerceptualHashes([{ contentHash, perceptualHash: other }])).toBe(1);
      const hashes = async () => (await store.list({ limit: 9 })).map(({ perceptualHash }) => perceptualHash);
      expect(await hashes()).toEqual([other, hash, undefined]);
      expect((await store.imagesOfNodes(Uint32Array.of(1)))[0]!.images[1]).toMatchObject({ perceptualHash: hash });
      await store.put(imageWrite('a', 1, { metadata: { x: 1 } }));
      await store.put(imageWrite('b', 2));
      expect(await hashes()).toEqual([other, undefined, undefined]);
      await store.delete('a');
      expect(await store.verify()).toEqual([]);
      expect((await store.put(imageWrite('a', 1))).record).not.toHaveProperty('perceptualHash');
    });

    it('keeps regions: each a node, which goes with the last image or region that has it', async () => {
      const store = await newStore();
      // node 1 is the image, 2 and 3 its regions; the third region is alike the first, the fourth alike the image
      const regions = imageRegions(2, 3, 2, 1);
      const first = await store.put(imageWrite('a', 1, { regions }));
      expect(first).toMatchObject({ outcome: 'added', putNode: { node: 1 } });
      expect(first.regionNodes).toEqual({
        put: [
          { node: 2, vector: unitVector(2) },
          { node: 3, vector: unitVector(3) },
        ],
        deleted: [],
      });
      expect(await store.regionsOf([imageWrite('a', 1)])).toEqual([regions]);
      expect(await store.regionsOf([imageWrite('a', 9)])).toEqual([[]]);
      expect(await store.descriptorByContent(imageWrite('a', 1).contentHash)).toMatchObject({ regions });
      // an image that shows what was a region shares its node
      const second = await store.put(imageWrite('b', 3));
      expect([second.putNode, second.regionNodes]).toEqual([undefined, undefined]);
      expect(await store.info()).toMatchObject({ images: 2, nodes: 3 });
      // node 3 stays with b, node 2 goes
      const third = await store.put(imageWrite('a', 1, { regions: imageRegions(1, 4) }));
      expect(third).toMatchObject({ outcome: 'replaced', sequence: 3 });
      expect(third.regionNodes).toEqual({ put: [{ node: 4, vector: unitVector(4) }], deleted: [2] });
      expect(await store.put(imageWrite('a', 1, { regions: imageRegions(1, 4) }))).toMatchObject({
        outcome: 'unchanged',
        sequence: 3,
      });
      expect(await store.delete('a')).toEqual({
        ...{ sequence: 4, deletedNode: 1, regionNodes: { put: [], deleted: [4] } },
        unusedContent: imageWrite('a', 1).contentHash,
      });
      expect(await store.info()).toMatchObject({ images: 1, nodes: 1 });
      expect(await store.changesSince(0, 10)).toEqual([
        { sequence: 1, op: 'put', id: 'a', putNode: 1, regionNodes: { put: [2, 3], deleted: [] } },
        { sequence: 2, op: 'put', id: 'b' },
        { sequence: 3, op: 'put', id: 'a', regionNodes: { put: [4], deleted: [2] } },
        { sequence: 4, op: 'delete', id: 'a', deletedNode: 1, regionNodes: { put: [], deleted: [4] } },
      ]);
      await store.pruneLog(4);
      expect(await store.verify()).toEqual([]);
      expect(await store.regionsOf([imageWrite('b', 3), imageWrite('a', 1)])).toEqual([[], []]);
    });

    it('keeps a patch and a new source from touching regions, and refuses ones that do not fit', async () => {
      const store = await newStore();
      const regions = imageRegions(2);
      await store.put(imageWrite('a', 1, { regions }));
      await store.patchMetadata('a', { x: 1 });
      const source = { kind: 'file', path: '/p', mtimeMs: 0 } as const;
      await store.put(imageWrite('a', 1, { regions, source, metadata: (await store.get('a')).metadata }));
      expect(await store.regionsOf([imageWrite('a', 1)])).toEqual([regions]);
      const [region] = regions;
      const put = (descriptor: Float32Array) =>
        store.put(imageWrite('b', 1, { regions: [{ ...region!, descriptor }] }));
      await expect(put(unitVector(1, 3))).rejects.toMatchObject({ code: 'dimension_mismatch' });
      await expect(put(Float32Array.of(1, 1, 0, 0))).rejects.toMatchObject({ code: 'invalid_descriptor' });
      expect(await store.info()).toMatchObject({ images: 1, nodes: 2 });
    });

    it('gives the images that have nodes as regions, the first region of each, by the same filter', async () => {
      const store = await newStore();
      await store.put(imageWrite('c', 1, { regions: imageRegions(5, 6, 5) }));
      await store.put(imageWrite('a', 2, { regions: imageRegions(7, 5) }));
      await store.put(imageWrite('b', 5));
      const node = (await store.descriptorOf('b')).node;
      const found = async (options?: Parameters<Store['imagesOfNodes']>[1]) =>
        (await store.imagesOfNodes(Uint32Array.of(node, 99), options)).map(({ images, parts = [] }) => [
          images.map(({ id }) => id),
          parts.map(({ record, box }) => [record.id, box.x]),
        ]);
      const parts = [
        ['a', 10],
        ['c', 0],
      ];
      expect(await found()).toEqual([[['b'], parts]]);
      expect(await found({ limitPerNode: 1 })).toEqual([[['b'], [['a', 10]]]]);
      expect(await found({ filter: { price: 1 } })).toEqual([[[], [['c', 0]]]]);
      expect(await found({ filter: { price: 99 } })).toEqual([]);
      const matching = await store.nodesMatching({ price: 1 }, 10);
      const own = await store.descriptorOf('c');
      expect([...matching.nodes].sort((x, y) => x - y)).toEqual([own.node, node, node + 1].sort((x, y) => x - y));
      expect((await store.nodesMatching({ price: 1 }, 2)).complete).toBe(false);
    });

    describe('that names text fields', () => {
      const textStore = () => newStore({ model: 'default', textFields: ['title', 'tags'] });
      const put = (store: Store, id: string, picture: number, metadata: Metadata) =>
        store.put(imageWrite(id, picture, { metadata }));
      const found = async (store: Store, text: string, options: { filter?: Filter; limit?: number } = {}) =>
        (await store.searchText(text, { limit: 10, ...options })).map(({ record }) => record.id);

      it('finds images by words, without regard to case and accents, best first', async () => {
        const store = await textStore();
        await put(store, 'a', 1, { title: 'Red shoe', brand: 'shoe' });
        await put(store, 'b', 2, { title: 'A blue shoe, with laces and a long description', tags: ['Crème', 2024] });
        await put(store, 'c', 3, { title: 'hat', price: 5 });
        expect(await found(store, 'red SHOE')).toEqual(['a', 'b']);
        expect(await found(store, 'creme')).toEqual(['b']);
        expect(await found(store, '2024')).toEqual(['b']);
        expect(await found(store, 'sho')).toEqual([]);
        expect(await found(store, '!!!')).toEqual([]);
        const [first, second] = await store.searchText('red shoe', { limit: 10 });
        expect(first!.relevance).toBeGreaterThan(second!.relevance);
        expect(second!.relevance).toBeGreaterThan(0);
        expect(first).toMatchObject({ node: 1, record: await store.get('a') });
      });

      it('takes a filter and a limit, and orders ties by id', async () => {
        const store = await textStore();
        for (const [i, id] of ['d', 'b', 'c', 'a'].entries()) await put(store, id, i, { title: 'shoe', price: i });
        expect(await found(store, 'shoe', { limit: 3 })).toEqual(['a', 'b', 'c']);
        expect(await found(store, 'shoe', { filter: { price: { lt: 3 } } })).toEqual(['b', 'c', 'd']);
      });

      it('follows every write', async () => {
        const store = await textStore();
        await put(store, 'a', 1, { title: 'shoe' });
        await store.patchMetadata('a', { title: 'boot' });
        expect([await found(store, 'shoe'), await found(store, 'boot')]).toEqual([[], ['a']]);
        await put(store, 'a', 2, { tags: ['hat'] });
        expect([await found(store, 'boot'), await found(store, 'hat')]).toEqual([[], ['a']]);
        await store.patchMetadata('a', { tags: null });
        expect(await found(store, 'hat')).toEqual([]);
        await put(store, 'b', 2, { title: 'hat' });
        await store.delete('b');
        expect(await found(store, 'hat')).toEqual([]);
        expect(await store.textFaults()).toEqual([]);
        expect(await store.verify()).toEqual([]);
        await put(store, 'c', 3, { title: 'hat' });
        await store.rebuildText();
        expect(await found(store, 'hat')).toEqual(['c']);
      });
    });

    it('refuses a search by text where it names no text fields', async () => {
      const store = await newStore();
      await store.put(imageWrite('a', 1));
      await expect(store.searchText('brand', { limit: 1 })).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await store.textFaults()).toEqual([]);
    });

    it('gives the images of nodes in the order asked', async () => {
      const store = await newStore();
      for (const [id, picture] of Object.entries({ c: 1, a: 1, b: 1, z: 2 })) await store.put(imageWrite(id, picture));
      const ids = async (options?: Parameters<Store['imagesOfNodes']>[1]) =>
        (await store.imagesOfNodes(Uint32Array.of(2, 99, 1), options)).map(({ node, images }) => [
          node,
          ...images.map(({ id }) => id),
        ]);
      expect(await ids()).toEqual([
        [2, 'z'],
        [1, 'a', 'b', 'c'],
      ]);
      expect(await ids({ limitPerNode: 2, filter: { price: 1 } })).toEqual([[1, 'a', 'b']]);
    });

    it('gives the nodes that match a filter, once each', async () => {
      const store = await newStore();
      for (const [id, picture] of Object.entries({ a: 1, b: 1, c: 2, d: 5 })) await store.put(imageWrite(id, picture));
      const all = await store.nodesMatching({ price: { lt: 5 } }, 10);
      expect({ ...all, nodes: [...all.nodes].sort() }).toEqual({ nodes: [1, 2], complete: true });
      expect((await store.nodesMatching({ price: { lt: 5 } }, 2)).complete).toBe(true);
      expect(await store.nodesMatching({ price: { lt: 5 } }, 1)).toMatchObject({ complete: false });
      expect((await store.nodesMatching({}, Number.MAX_SAFE_INTEGER)).nodes).toHaveLength(3);
    });

    it('pages nodes and images with their vectors', async () => {
      const store = await newStore();
      for (const [id, picture] of Object.entries({ b: 1, a: 2, d: 1, c: 3 })) await store.put(imageWrite(id, picture));
      const vectors = (...pictures: number[]) => Float32Array.from(pictures.flatMap((p) => [...unitVector(p)]));
      expect(await store.nodePage(1, 10)).toEqual({ nodes: Uint32Array.of(2, 3), vectors: vectors(2, 3) });
      expect(await store.nodeVectors(Uint32Array.of(3, 9, 1))).toEqual({
        nodes: Uint32Array.of(3, 1),
        vectors: vectors(3, 1),
      });
      const first = await store.imagePage(0, 3);
      expect(first).toMatchObject({ nodes: Uint32Array.of(1, 2, 1), vectors: vectors(1, 2, 1) });
      expect(first.records.map(({ id }) => id)).toEqual(['b', 'a', 'd']);
      const last = await store.imagePage(first.next!, 3);
      expect(last.records.map(({ id }) => id)).toEqual(['c']);
      expect(last).not.toHaveProperty('next');
      const spread = await store.imagePage(0, 3, 2);
      expect(spread.records.map(({ id }) => id)).toEqual(['a', 'c']);
      expect(spread.vectors).toEqual(vectors(2, 3));
    });

    it('counts the fields of the metadata, over all or a sample', async () => {
      const store = await newStore();
      for (const [id, n] of Object.entries({ a: 1, b: 2, c: 2, d: 4 }))
        await store.put(imageWrite(id, n, { metadata: { n } }));
      const all = await store.fields(100);
      expect(all).toMatchObject({ images: 4, sampled: 4, fields: [{ field: 'n', distinct: 3, min: 1, max: 4 }] });
      expect(await store.fields(2)).toMatchObject({ images: 4, sampled: 2, fields: [{ field: 'n', images: 2 }] });
    });

    it('logs each commit, and forgets what is pruned', async () => {
      const store = await newStore();
      await store.put(imageWrite('a', 1));
      await store.put(imageWrite('a', 2));
      await store.patchMetadata('a', { x: 1 });
      await store.delete('a');
      const log = [
        { sequence: 1, op: 'put', id: 'a', putNode: 1 },
        { sequence: 2, op: 'put', id: 'a', putNode: 2, deletedNode: 1 },
        { sequence: 3, op: 'put', id: 'a' },
        { sequence: 4, op: 'delete', id: 'a', deletedNode: 2 },
      ];
      expect(await store.changesSince(0, 10)).toEqual(log);
      expect(await store.changesSince(1, 2)).toEqual(log.slice(1, 3));
      expect(await store.changesSince(4, 10)).toEqual([]);
      await store.pruneLog(2);
      expect(await store.changesSince(2, 10)).toEqual(log.slice(2));
      await expect(store.changesSince(1, 10)).rejects.toMatchObject({ code: 'store_corrupt' });
      await store.pruneLog(100);
      expect(await store.info()).toMatchObject({ sequence: 4, logStart: 4 });
      expect(await store.verify()).toEqual([]);
    });

    it('is the same after closing and opening, and goes on counting', async () => {
      const file = join(temporaryFolder(), 'store.sqlite');
      const store = await open({ file, create: { ...creation, sequence: 1000 } });
      await store.put(imageWrite('a', 1));
      await store.put(imageWrite('b', 2));
      await store.delete('b');
      const info = await store.info();
      expect(info).toMatchObject({ sequence: 1003, logStart: 1000 });
      await store.close();
      const again = await open({ file, expectFingerprint: 'fingerprint-1' });
      onTestFinished(() => again.close());
      expect(await again.info()).toEqual(info);
      expect(await again.put(imageWrite('b', 2))).toMatchObject({ sequence: 1004, putNode: { node: 3 } });
    });

    it('refuses to open what is not the store expected', async () => {
      const file = join(temporaryFolder(), 'store.sqlite');
      await expect(open({ file })).rejects.toMatchObject({ code: 'store_corrupt', details: { file } });
      await (await open({ file, create: creation })).close();
      await expect(open({ file, create: creation })).rejects.toMatchObject({ code: 'collection_exists' });
      await expect(open({ file, expectFingerprint: 'other' })).rejects.toMatchObject({
        code: 'fingerprint_mismatch',
        details: { expected: 'other', found: 'fingerprint-1' },
      });
    });
  });
}
