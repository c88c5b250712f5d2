import { describe, expect, it } from 'vitest';
import { DELETED, NodeRows, UNKNOWN } from '../../../engine/vector-index/node-rows.js';
import { VectorTable } from '../../../engine/vector-index/vector-table.js';
import { range, vectorOf } from './fixtures.js';

describe('NodeRows', () => {
  it('knows what was set, over gaps of any width', () => {
    const rows = new NodeRows();
    const nodes = [0, 1, 4095, 4096, 2 ** 31, 2 ** 32 - 1];
    nodes.forEach((node, i) => rows.set(node, i));
    expect(nodes.map((node) => rows.get(node))).toEqual([0, 1, 2, 3, 4, 5]);
    expect([2, 4097, 2 ** 32 - 2].map((node) => rows.get(node))).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it('costs 4 bytes a node for ids that rise one by one', () => {
    const rows = new NodeRows();
    for (const node of range(0, 8192)) rows.set(node, node);
    expect(rows.bytes).toBe(4 * 8192);
  });

  it('tells a deleted node from an unknown one', () => {
    const rows = new NodeRows();
    rows.set(3, DELETED);
    expect([rows.get(3), rows.get(4)]).toEqual([DELETED, UNKNOWN]);
  });
});

describe('VectorTable', () => {
  it('keeps rows as they were written while it grows', () => {
    const table = new VectorTable(3);
    for (const node of range(0, 2500)) table.add(10 * node, vectorOf(node, 3));
    for (const row of [0, 1023, 1024, 2047, 2048, 2499]) {
      expect(table.vector(row)).toEqual(vectorOf(row, 3));
      expect([table.nodeOf(row), table.liveRowOf(10 * row)]).toEqual([10 * row, row]);
    }
    expect([table.rows, table.live]).toEqual([2500, 2500]);
  });

  it('forgets a deleted node, but knows that it was there', () => {
    const table = new VectorTable(2);
    for (const node of [5, 6, 7]) table.add(node, vectorOf(node, 2));
    expect(table.delete(6)).toBe(1);
    expect(table.delete(6)).toBeLessThan(0);
    expect(table.delete(99)).toBeLessThan(0);
    expect([table.rows, table.live, table.knows(6), table.knows(99)]).toEqual([3, 2, true, false]);
    expect(table.liveRowOf(6)).toBeLessThan(0);
    expect([...table.liveRows()]).toEqual([0, 2]);
  });

  it('counts its bytes: a block of 1024 rows and a few bytes a row', () => {
    const table = new VectorTable(256);
    table.add(1, vectorOf(1, 256));
    expect(table.bytes).toBe(1024 * 256 * 4 + 1024 * 4 + 1024 + 4096 * 4);
  });
});
