import type Database from 'better-sqlite3';
import type { Json, Metadata } from '../types.js';
import type { SqlCondition } from './filter-sql.js';
import type { ImageRow, ImageTable } from './image-table.js';
import { CREATE_TEXTS } from './migrations.js';
import { matchQuery, textOf } from './text.js';

const PAGE_ROWS = 500;

/** How well an image's text answers a query; higher is better. */
export interface TextRank {
  label: number;
  relevance: number;
}

/**
 * The texts of images, for search by words: a full-text table whose rowid is the image's label. It follows from the
 * metadata and can be made anew from there, so its rows carry no checksum. Empty, and never looked at, where the collection
 * names no fields; statements are prepared when they are needed, since damage makes even that fail.
 */
export class TextTable {
  readonly #db: Database.Database;
  readonly #fields: readonly string[];

  /** @param fields of the metadata whose text is searched. */
  constructor(db: Database.Database, fields: readonly string[]) {
    this.#db = db;
    this.#fields = fields;
  }

  get isUsed(): boolean {
    return this.#fields.length > 0;
  }

  /** Adds or replaces the text of an image. */
  write(row: ImageRow): void {
    if (!this.isUsed) return;
    this.delete(row.label);
    const text = this.#expected(row);
    if (text !== '') this.#db.prepare('INSERT INTO imageTexts (rowid, text) VALUES (?, ?)').run(row.label, text);
  }

  delete(label: number): void {
    if (this.isUsed) this.#db.prepare('DELETE FROM imageTexts WHERE rowid = ?').run(label);
  }

  /**
   * @param condition over `images`. @returns the images whose text has any of the words, best first by BM25 (k1 = 1.2,
   * b = 0.75), ties by id.
   */
  search(text: string, { sql, parameters }: SqlCondition, limit: number): TextRank[] {
    const match = matchQuery(text);
    if (match === '') return [];
    const statement = this.#db.prepare<(string | number)[], TextRank>(`
      SELECT images.label, -bm25(imageTexts) AS relevance
      FROM imageTexts CROSS JOIN images ON images.label = imageTexts.rowid
      WHERE imageTexts MATCH ? AND ${sql} ORDER BY relevance DESC, images.id LIMIT ?`);
    return statement.all(match, ...parameters, limit);
  }

  /** @returns where the texts are not those of the metadata, or the index over them is not theirs; one a kind. */
  faults(images: ImageTable): string[] {
    if (!this.isUsed) return [];
    return [...this.#indexFaults(), ...this.#rowFaults(images)];
  }

  /** Makes the table anew from the images. */
  rebuild(images: ImageTable): void {
    this.#db.exec(`DROP TABLE imageTexts; ${CREATE_TEXTS}`);
    for (const row of eachImage(images)) this.write(row);
  }

  #indexFaults(): string[] {
    try {
      this.#db.exec("INSERT INTO imageTexts (imageTexts) VALUES ('integrity-check')");
      return [];
    } catch (error) {
      if (!isCorruption(error)) throw error;
      return ['the full-text index is damaged'];
    }
  }

  #rowFaults(images: ImageTable): string[] {
    try {
      const textOfLabel = this.#db.prepare<[number], string>('SELECT text FROM imageTexts WHERE rowid = ?').pluck();
      let expected = 0;
      for (const row of eachImage(images)) {
        const text = this.#expected(row);
        if ((textOfLabel.get(row.label) ?? '') !== text)
          return [`image ${JSON.stringify(row.id)}: its searched text is not that of its metadata`];
        if (text !== '') expected += 1;
      }
      const found = this.#db.prepare<[], number>('SELECT count(*) FROM imageTexts').pluck().get();
      return found === expected ? [] : [`expected ${expected} searched texts, found ${found}`];
    } catch (error) {
      if (!isCorruption(error)) throw error;
      return ['the searched texts cannot be read'];
    }
  }

  #expected({ metadata }: ImageRow): string {
    return textOf(JSON.parse(metadata) as Metadata, this.#fields);
  }
}

/** @returns the fields that a collection's config names for search by words. */
export function textFieldsOf(config: string): string[] {
  const { textFields = [] } = JSON.parse(config) as { textFields?: Json };
  return textFields as string[];
}

function* eachImage(images: ImageTable): Generator<ImageRow> {
  let after = 0;
  for (let rows = images.page(after, PAGE_ROWS); rows.length > 0; rows = images.page(after, PAGE_ROWS)) {
    yield* rows;
    after = rows.at(-1)!.label;
  }
}

/** Of the virtual table: what SQLite finds wrong with the store's own pages has another code. */
function isCorruption(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'SQLITE_CORRUPT_VTAB';
}
