import type Database from 'better-sqlite3';
import { rowChecksum } from './checksums.js';
import type { SqlCondition } from './filter-sql.js';
import { corrupt } from './store-errors.js';

/** A row of `regions` in the order of its columns: one described part of an image. */
export interface RegionRow {
  /** Of the image. */
  label: number;
  /** Its place among the image's regions, from 0. */
  place: number;
  node: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

type StoredRow = RegionRow & { regionChecksum: number };

/** The described parts of images. Every row that is read is checked against its checksum. */
export class RegionTable {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #insert;
  readonly #deleteOf;
  readonly #of;
  readonly #usesNode;
  readonly #isEmpty;
  readonly #page;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
    this.#insert = db.prepare('INSERT INTO regions VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#deleteOf = db.prepare<[number]>('DELETE FROM regions WHERE label = ?');
    this.#of = db.prepare<[number], StoredRow>('SELECT * FROM regions WHERE label = ? ORDER BY place');
    this.#usesNode = db.prepare<[number], number>('SELECT 1 FROM regions WHERE node = ? LIMIT 1').pluck();
    this.#isEmpty = db.prepare<[], number>('SELECT 1 FROM regions LIMIT 1').pluck();
    this.#page = db.prepare<[number, number, number], StoredRow>(
      'SELECT * FROM regions WHERE (label, place) > (?, ?) ORDER BY label, place LIMIT ?',
    );
  }

  /** @returns the regions of an image, in order. @throws `store_corrupt` if one between them is missing */
  of(label: number): RegionRow[] {
    const rows = this.#of.all(label).map((row) => this.#checked(row));
    if (rows.every(({ place }, i) => place === i)) return rows;
    throw corrupt(this.#file, `regions of label ${label}: one is missing`);
  }

  /** Puts these in place of the regions that the image has. */
  replace(label: number, rows: readonly RegionRow[]): void {
    this.#deleteOf.run(label);
    for (const row of rows) {
      const values = valuesOf(row);
      this.#insert.run(...values, rowChecksum(values));
    }
  }

  usesNode(node: number): boolean {
    return this.#usesNode.get(node) !== undefined;
  }

  /**
   * The regions that have these nodes, of images that meet the condition, node by node in the order asked: one for each
   * image and node, by rising id and at most `limitPerNode`.
   */
  ofNodes(nodes: Uint32Array, { sql, parameters }: SqlCondition, limitPerNode: number): RegionRow[] {
    if (this.#isEmpty.get() === undefined) return [];
    const statement = this.#db.prepare<(string | number)[], StoredRow>(`
      SELECT found.* FROM json_each(?) AS wanted CROSS JOIN regions AS found ON found.rowid IN (
        SELECT min(regions.rowid) FROM regions JOIN images ON images.label = regions.label
        WHERE regions.node = wanted.value AND ${sql} GROUP BY regions.label ORDER BY images.id LIMIT ?
      ) JOIN images AS owners ON owners.label = found.label ORDER BY wanted.key, owners.id`);
    const rows = statement.all(JSON.stringify(Array.from(nodes)), ...parameters, limitPerNode);
    return rows.map((row) => this.#checked(row));
  }

  /** Regions after one, by label and place. */
  page(after: Pick<RegionRow, 'label' | 'place'>, limit: number): RegionRow[] {
    return this.#page.all(after.label, after.place, limit).map((row) => this.#checked(row));
  }

  #checked({ regionChecksum, ...row }: StoredRow): RegionRow {
    if (rowChecksum(valuesOf(row)) === regionChecksum) return row;
    throw corrupt(this.#file, `region ${row.place} of label ${row.label}: its checksum does not fit`);
  }
}

function valuesOf({ label, place, node, x, y, width, height }: RegionRow): number[] {
  return [label, place, node, x, y, width, height];
}
