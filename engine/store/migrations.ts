import Database from 'better-sqlite3';
import { LikenessError } from '../errors.js';
import { corrupt } from './store-errors.js';

/** In the header of each store file: "LIKE" in ASCII. */
const APPLICATION_ID = 0x4c494b45;

/**
 * Version 1. One row of `meta`; one node per distinct descriptor (hash = SHA-256 of its float32 bytes); images with the
 * label that orders them by when they were added; one change per sequence. Labels and nodes are counted in `meta` and
 * never used twice. Every row carries a CRC-32 of its own, see checksums.ts, since SQLite has none.
 */
const VERSION_1 = `
  CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL, fingerprint TEXT NOT NULL, dimension INTEGER NOT NULL, config TEXT NOT NULL,
    createdAt TEXT NOT NULL, sequence INTEGER NOT NULL, logStart INTEGER NOT NULL,
    lastNode INTEGER NOT NULL CHECK (lastNode < 4294967296), checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE nodes (
    node INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE images (
    label INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, node INTEGER NOT NULL REFERENCES nodes (node),
    contentHash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, format TEXT NOT NULL,
    bytes INTEGER NOT NULL, metadata TEXT NOT NULL, source TEXT NOT NULL, createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL, sequence INTEGER NOT NULL, checksum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX imagesByContentHash ON images (contentHash);
  CREATE INDEX imagesByNode ON images (node);
  CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY, op TEXT NOT NULL, id TEXT NOT NULL, putNode INTEGER, deletedNode INTEGER,
    checksum INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Version 2. The perceptual hash of an image, 16 hex digits; images without a row have none yet. A table of its own, since
 * the checksums of `images` cover the columns of version 1.
 */
const VERSION_2 = `
  CREATE TABLE perceptualHashes (
    label INTEGER PRIMARY KEY REFERENCES images (label) ON DELETE CASCADE, perceptualHash TEXT NOT NULL,
    hashChecksum INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Version 3. Parts of an image that have descriptors of their own, as boxes in pixels, and the nodes that commits made and
 * deleted beside the one that `changes` names (JSON lists; no row where there were none).
 */
const VERSION_3 = `
  CREATE TABLE regions (
    label INTEGER NOT NULL REFERENCES images (label) ON DELETE CASCADE, place INTEGER NOT NULL,
    node INTEGER NOT NULL REFERENCES nodes (node), x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, regionChecksum INTEGER NOT NULL, UNIQUE (label, place)
  ) STRICT;
  CREATE INDEX regionsByNode ON regions (node);
  CREATE TABLE regionChanges (
    sequence INTEGER PRIMARY KEY, putNodes TEXT NOT NULL, deletedNodes TEXT NOT NULL, regionChecksum INTEGER NOT NULL
  ) STRICT;
`;

/** The full-text table, whose rowid is a label; made anew where it is damaged, see text-table.ts. */
export const CREATE_TEXTS = `
  CREATE VIRTUAL TABLE imageTexts USING fts5(text, tokenize = "unicode61 remove_diacritics 2");
`;

/** Version 4. The text of images, in collections that name fields to search by words. */
const VERSION_4 = CREATE_TEXTS;

/** SQL that leads from each version to the next; the first makes an empty file. Released entries never change. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/** A kind of file: the number in its header that tells it from others, and the SQL from each version to the next. */
export interface FileKind {
  applicationId: number;
  migrations: readonly string[];
}

/** The store of a collection. */
export const STORE_KIND: FileKind = { applicationId: APPLICATION_ID, migrations: MIGRATIONS };

/** Makes an empty file one of this kind in its newest version, but for its rows. */
export function createSchema(db: Database.Database, kind: FileKind): void {
  db.pragma(`application_id = ${kind.applicationId}`);
  migrateFrom(db, 0, kind);
}

/**
 * Brings a file to the newest version, in one transaction, after checking that it has exactly the tables of its own.
 * @throws `store_corrupt`, `store_too_new`
 */
export function migrate(db: Database.Database, file: string, kind: FileKind): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > kind.migrations.length) throw tooNew(file, version, kind);
  if (version < 1 || schemaOf(db) !== expectedSchema(version, kind)) {
    throw corrupt(file, `its tables are not those of store version ${version}`);
  }
  db.transaction(() => migrateFrom(db, version, kind))();
}

function migrateFrom(db: Database.Database, version: number, { migrations }: FileKind): void {
  for (const sql of migrations.slice(version)) db.exec(sql);
  db.pragma(`user_version = ${migrations.length}`);
}

function expectedSchema(version: number, { migrations }: FileKind): string {
  const db = new Database(':memory:');
  for (const sql of migrations.slice(0, version)) db.exec(sql);
  const schema = schemaOf(db);
  db.close();
  return schema;
}

function schemaOf(db: Database.Database): string {
  // sqlite_stat1 and its like are SQLite's own and may come and go, and so are the tables under a full-text table
  const statement = db.prepare(`SELECT type, name, tbl_name, sql FROM sqlite_schema
    WHERE name NOT LIKE 'sqlite_stat%' AND name NOT LIKE 'imageTexts!_%' ESCAPE '!' ORDER BY type, name`);
  return JSON.stringify(statement.raw().all());
}

function tooNew(file: string, version: number, { migrations }: FileKind): LikenessError {
  return new LikenessError(
    'store_too_new',
    `expected a store of version ${migrations.length} or older at ${file}, found version ${version}: it needs a newer release`,
    { details: { file, version, newestKnown: migrations.length } },
  );
}
