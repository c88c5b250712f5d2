import { describe, expect, it, onTestFinished } from 'vitest';
import type { VectorIndex } from '../../engine/vector-index/vector-index.js';
import { changes, range, unit, vectorOf } from '../engine/vector-index/fixtures.js';

/** What every implementation of the port must do, whatever its plan. */
export function vectorIndexContract(
  name: string,
  open: (dimension: number) => VectorIndex | Promise<VectorIndex>,
  settle: (index: VectorIndex) => Promise<void> = () => Promise.resolve(),
): void {
  const opened = async (dimension = 4) => {
    const index = await open(dimension);
    onTestFinished(() => index.close());
    return index;
  };
  const filled = async (nodes: number[], dimension = 4) => {
    const index = await opened(dimension);
    await index.apply(changes(1, nodes, [], dimension));
    await settle(index);
    return index;
  };

  describe(name, () => {
    it('finds nothing in an empty index', async () => {
      const index = await opened();
      expect((await index.search(unit(1, 0, 0, 0), 5)).nodes).toEqual(new Uint32Array());
      expect((await index.searchAmong(unit(1, 0, 0, 0), Uint32Array.of(1, 2), 5)).nodes).toEqual(new Uint32Array());
      expect(await index.stats()).toMatchObject({ dimension: 4, live: 0, tombstones: 0, pending: 0, sequence: 0 });
    });

    it('finds the only node, with its cosine', async () => {
      const index = await opened();
      await index.apply(changes(1, new Map([[7, unit(3, 4, 0, 0)]])));
      const found = await index.search(unit(1, 0, 0, 0), 10);
      expect([...found.nodes]).toEqual([7]);
      expect(found.similarities[0]).toBeCloseTo(0.6, 6);
    });

    it('orders by falling similarity and gives all when k is above the count', async () => {
      const index = await opened();
      const vectors = [unit(1, 0, 0, 0), unit(1, 1, 0, 0), unit(0, 1, 0, 0), unit(-1, 0, 0, 0)];
      await index.apply(changes(1, new Map(vectors.map((vector, i) => [10 + i, vector]))));
      await settle(index);
      const found = await index.search(unit(1, 0, 0, 0), 100);
      expect([...found.nodes]).toEqual([10, 11, 12, 13]);
      [1, Math.SQRT1_2, 0, -1].forEach((cosine, i) => expect(found.similarities[i]).toBeCloseTo(cosine, 6));
    });

    it('breaks ties by rising node, also where k cuts through them', async () => {
      const index = await opened();
      await index.apply(changes(1, new Map([9, 3, 5, 4].map((node) => [node, unit(0, 1, 0, 0)]))));
      await settle(index);
      expect([...(await index.search(unit(0, 1, 0, 0), 4)).nodes]).toEqual([3, 4, 5, 9]);
      expect([...(await index.searchAmong(unit(0, 1, 0, 0), Uint32Array.of(9, 5, 4), 2)).nodes]).toEqual([4, 5]);
    });

    it('shows changes at once, before and after background work', async () => {
      const index = await opened();
      for (const node of range(1, 20)) {
        await index.apply(changes(node, [node]));
        expect([...(await index.search(vectorOf(node, 4), 1)).nodes]).toEqual([node]);
        if (node % 7 === 0) await settle(index);
      }
      expect((await index.stats()).sequence).toBe(19);
    });

    it('never returns a deleted node, and still fills k', async () => {
      const index = await filled(range(1, 101));
      await index.apply(changes(2, [], range(1, 91)));
      const found = await index.search(vectorOf(5, 4), 50);
      expect([...found.nodes].sort((a, b) => a - b)).toEqual(range(91, 101));
      expect((await index.stats()).live).toBe(10);
    });

    it('deletes after the puts of the same changes', async () => {
      const index = await opened();
      await index.apply(changes(1, [1, 2], [1]));
      await settle(index);
      expect([...(await index.search(vectorOf(1, 4), 5)).nodes]).toEqual([2]);
    });

    it('is idempotent: a replay of everything changes nothing', async () => {
      const index = await opened();
      const history = () => [changes(1, range(1, 60)), changes(2, range(60, 90), [3, 4, 61]), changes(3, [], [5, 999])];
      for (const part of history()) await index.apply(part);
      await settle(index);
      const before = await index.search(vectorOf(3, 4), 200);
      const { memoryBytes: _, ...stats } = await index.stats();
      for (const part of history()) await index.apply(part);
      await settle(index);
      expect(await index.search(vectorOf(3, 4), 200)).toEqual(before);
      expect(await index.stats()).toMatchObject(stats);
    });

    it('does not bring a deleted node back when it is put again', async () => {
      const index = await filled(range(1, 10));
      await index.apply(changes(2, [], [4]));
      await index.apply(changes(3, [4]));
      await settle(index);
      expect([...(await index.search(vectorOf(4, 4), 20)).nodes]).not.toContain(4);
    });

    it('counts a node once that the changes put twice', async () => {
      const index = await opened();
      const twice = {
        ...changes(1, [6]),
        putNodes: Uint32Array.of(6, 6),
        putVectors: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0),
      };
      await index.apply(twice);
      await settle(index);
      expect(await index.search(unit(1, 0, 0, 0), 5)).toMatchObject({
        nodes: Uint32Array.of(6),
        similarities: Float32Array.of(1),
      });
    });

    it('keeps the highest sequence, also from changes without nodes', async () => {
      const index = await opened();
      await index.apply(changes(8, []));
      await index.apply(changes(3, [1]));
      expect((await index.stats()).sequence).toBe(8);
    });

    it('takes node ids up to the highest', async () => {
      const index = await filled([0, 5_000_000, 2 ** 32 - 1]);
      const found = await index.search(vectorOf(2 ** 32 - 1, 4), 3);
      expect(found.nodes[0]).toBe(2 ** 32 - 1);
      expect(found.nodes).toHaveLength(3);
    });

    it('grows past every capacity', async () => {
      const nodes = range(1, 2600);
      const index = await filled(nodes, 6);
      expect((await index.stats()).live).toBe(2599);
      for (const node of [1, 1024, 1025, 2048, 2049, 2599]) {
        expect((await index.search(vectorOf(node, 6), 1)).nodes[0]).toBe(node);
      }
    });

    it('raises ef to k', async () => {
      const index = await filled(range(1, 301), 6);
      const { nodes } = await index.search(vectorOf(1, 6), 200, { ef: 1 });
      expect(new Set(nodes).size).toBe(200);
    });

    it('gives the exact answer when asked, with the same similarities', async () => {
      const index = await filled(range(1, 200), 6);
      const exact = await index.search(vectorOf(77, 6), 20, { exact: true });
      expect(exact.plan).toBe('exact');
      expect(await index.search(vectorOf(77, 6), 20, { ef: 200 })).toEqual({
        ...exact,
        plan: expect.any(String) as string,
      });
    });

    it('searches among given nodes only, passing over dead, unknown and repeated ones', async () => {
      const index = await filled(range(1, 50));
      await index.apply(changes(2, [], [10]));
      const found = await index.searchAmong(vectorOf(11, 4), Uint32Array.of(30, 11, 10, 777, 11, 12), 10);
      expect([...found.nodes].sort((a, b) => a - b)).toEqual([11, 12, 30]);
      expect(found.nodes[0]).toBe(11);
      expect((await index.searchAmong(vectorOf(11, 4), Uint32Array.of(30, 11), 1)).nodes).toEqual(Uint32Array.of(11));
    });

    it.each([
      ['NaN', Float32Array.of(NaN, 0, 0, 1)],
      ['infinity', Float32Array.of(Infinity, 0, 0, 0)],
      ['zero', Float32Array.of(0, 0, 0, 0)],
      ['another length than 1', Float32Array.of(1, 1, 0, 0)],
    ])('refuses %s, and takes nothing of changes that hold it', async (_, bad) => {
      const index = await opened();
      await expect(index.search(bad, 1)).rejects.toMatchObject({ code: 'invalid_descriptor' });
      await expect(index.searchAmong(bad, Uint32Array.of(1), 1)).rejects.toMatchObject({ code: 'invalid_descriptor' });
      const mixed = changes(
        1,
        new Map([
          [1, unit(1, 0, 0, 0)],
          [2, bad],
        ]),
      );
      await expect(index.apply(mixed)).rejects.toMatchObject({ code: 'invalid_descriptor' });
      expect(await index.stats()).toMatchObject({ live: 0, sequence: 0 });
    });

    it('refuses vectors of another dimension', async () => {
      const index = await filled([1]);
      await expect(index.search(unit(1, 0, 0), 1)).rejects.toMatchObject({ code: 'dimension_mismatch' });
      await expect(index.searchAmong(unit(1, 0, 0), Uint32Array.of(1), 1)).rejects.toMatchObject({
        code: 'dimension_mismatch',
      });
      await expect(index.apply(changes(2, [2], [], 5))).rejects.toMatchObject({ code: 'dimension_mismatch' });
    });

    it.each([0, -1, 1.5, NaN])('refuses k and ef of %s', async (k) => {
      const index = await filled([1]);
      await expect(index.search(unit(1, 0, 0, 0), k)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(index.search(unit(1, 0, 0, 0), 1, { ef: k })).rejects.toMatchObject({ code: 'invalid_request' });
    });

    it('leaves the query to the caller', async () => {
      const index = await filled([1]);
      const query = unit(0, 0, 1, 0);
      await index.search(query, 1);
      expect(query).toEqual(unit(0, 0, 1, 0));
    });
  });
}
