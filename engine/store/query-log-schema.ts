import type { FileKind } from './migrations.js';

/**
 * Version 1. `parts` is a JSON array of what is known of each part of the query, `vectors` their descriptors one after the
 * other as float32 [parts, D]. Every row carries a CRC-32 of its own, see checksums.ts.
 */
const VERSION_1 = `
  CREATE TABLE queries (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, createdAtMs INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    parts TEXT NOT NULL, vectors BLOB NOT NULL, options TEXT NOT NULL, checksum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX queriesByTime ON queries (createdAtMs);
  CREATE TABLE feedback (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, createdAtMs INTEGER NOT NULL, queryId TEXT NOT NULL,
    fingerprint TEXT NOT NULL, parts TEXT NOT NULL, vectors BLOB NOT NULL, shown TEXT NOT NULL, clicked TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
`;

/** The query log of a collection; in its header "LIKQ" in ASCII. */
export const QUERY_LOG_KIND: FileKind = { applicationId: 0x4c494b51, migrations: [VERSION_1] };
