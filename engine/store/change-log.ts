import type Database from 'better-sqlite3';
import { rowChecksum } from './checksums.js';
import type { Meta } from './meta-table.js';
import { corrupt } from './store-errors.js';
import type { Change } from './store.js';

interface ChangeRow {
  sequence: number;
  op: 'put' | 'delete';
  id: string;
  putNode: number | null;
  deletedNode: number | null;
  checksum: number;
}

interface RegionChangeRow {
  sequence: number;
  /** JSON lists of nodes. */
  putNodes: string;
  deletedNodes: string;
  regionChecksum: number;
}

/** What each commit did, one row a sequence without gaps, from `meta.logStart` on. */
export class ChangeLog {
  readonly #file: string;
  readonly #insert;
  readonly #since;
  readonly #delete;
  readonly #insertRegions;
  readonly #regionsIn;
  readonly #deleteRegions;

  constructor(db: Database.Database, file: string) {
    this.#file = file;
    this.#insert = db.prepare('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)');
    this.#since = db.prepare<[number, number], ChangeRow>(
      'SELECT * FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?',
    );
    this.#delete = db.prepare<[number]>('DELETE FROM changes WHERE sequence <= ?');
    this.#insertRegions = db.prepare('INSERT INTO regionChanges VALUES (?, ?, ?, ?)');
    this.#regionsIn = db.prepare<[number, number], RegionChangeRow>(
      'SELECT * FROM regionChanges WHERE sequence BETWEEN ? AND ?',
    );
    this.#deleteRegions = db.prepare<[number]>('DELETE FROM regionChanges WHERE sequence <= ?');
  }

  append({ sequence, op, id, putNode, deletedNode, regionNodes }: Change): void {
    const values = [sequence, op, id, putNode ?? null, deletedNode ?? null];
    this.#insert.run(...values, rowChecksum(values));
    if (regionNodes === undefined) return;
    const further = [sequence, JSON.stringify(regionNodes.put), JSON.stringify(regionNodes.deleted)];
    this.#insertRegions.run(...further, rowChecksum(further));
  }

  /** @throws `store_corrupt` if the log does not reach back to `sequence`, or has a gap or a damaged row */
  since(sequence: number, limit: number, meta: Meta): Change[] {
    if (sequence < meta.logStart) {
      throw corrupt(this.#file, `the change log starts above ${meta.logStart}, asked from ${sequence}`);
    }
    const rows = this.#since.all(sequence, limit);
    const expected = Math.max(0, Math.min(limit, meta.sequence - sequence));
    if (rows.length !== expected || rows.some((row, i) => row.sequence !== sequence + 1 + i)) {
      throw corrupt(this.#file, `the change log has a gap above ${sequence}`);
    }
    const further = this.#regionChanges(sequence + 1, sequence + rows.length);
    return rows.map((row) => ({ ...this.#checked(row), ...further.get(row.sequence) }));
  }

  /** Forgets entries up to and including `sequence`. */
  deleteThrough(sequence: number): void {
    this.#delete.run(sequence);
    this.#deleteRegions.run(sequence);
  }

  #regionChanges(from: number, to: number): Map<number, Pick<Change, 'regionNodes'>> {
    const rows = this.#regionsIn.all(from, to).map(({ regionChecksum, ...row }) => {
      const { sequence, putNodes, deletedNodes } = row;
      if (rowChecksum([sequence, putNodes, deletedNodes]) !== regionChecksum)
        throw corrupt(this.#file, `region nodes of change ${sequence}: their checksum does not fit`);
      const regionNodes = { put: JSON.parse(putNodes) as number[], deleted: JSON.parse(deletedNodes) as number[] };
      return [sequence, { regionNodes }] as const;
    });
    return new Map(rows);
  }

  #checked({ checksum, ...row }: ChangeRow): Change {
    if (rowChecksum(Object.values(row)) !== checksum) {
      throw corrupt(this.#file, `change ${row.sequence}: its checksum does not fit`);
    }
    const { putNode, deletedNode, ...change } = row;
    return { ...change, ...(putNode === null ? {} : { putNode }), ...(deletedNode === null ? {} : { deletedNode }) };
  }
}
