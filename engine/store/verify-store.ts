import type Database from 'better-sqlite3';
import { LikenessError } from '../errors.js';
import { NORM_TOLERANCE, normError } from './node-table.js';
import { pageFaults } from './sqlite-file.js';
import { toStoreError } from './store-errors.js';
import type { Tables } from './write-image.js';

const PAGE_ROWS = 500;

/** Faults that one check lists at most; a file with so many is lost anyway. */
const MAX_FAULTS = 100;

/**
 * @returns what is wrong with a store in words, see Store.verify; empty if it is sound. Each check that reads rows ends
 * at the first damaged one.
 */
export function storeFaults(db: Database.Database, file: string, tables: Tables): string[] {
  const checks = [integrityFaults, referenceFaults, nodeFaults, imageFaults, regionFaults, logFaults];
  return checks.flatMap((check) => {
    try {
      return check(db, tables);
    } catch (error) {
      const fault = toStoreError(file, error);
      if (fault instanceof LikenessError && fault.code === 'store_corrupt') return [fault.message];
      throw fault;
    }
  });
}

/** Pages, order, indexes against their tables: SQLite's own check. */
function integrityFaults(db: Database.Database): string[] {
  return pageFaults(db, 'integrity_check', MAX_FAULTS);
}

function referenceFaults(db: Database.Database, { meta }: Tables): string[] {
  const names = (sql: string): (string | number)[] =>
    db.prepare<[], string | number>(`${sql} LIMIT ${MAX_FAULTS}`).pluck().all();
  return [
    ...names('SELECT id FROM images WHERE node NOT IN (SELECT node FROM nodes)').map(
      (id) => `image ${JSON.stringify(id)}: its node is missing`,
    ),
    ...names('SELECT node FROM nodes WHERE node NOT IN (SELECT node FROM images UNION SELECT node FROM regions)').map(
      (node) => `node ${node}: no image has it`,
    ),
    ...names('SELECT label FROM regions WHERE node NOT IN (SELECT node FROM nodes)').map(
      (label) => `a region of label ${label}: its node is missing`,
    ),
    ...names('SELECT label FROM regions WHERE label NOT IN (SELECT label FROM images)').map(
      (label) => `a region of label ${label}: no image has it`,
    ),
    ...names('SELECT label FROM perceptualHashes WHERE label NOT IN (SELECT label FROM images)').map(
      (label) => `perceptual hash of label ${label}: no image has it`,
    ),
    ...names(`SELECT node FROM nodes WHERE node NOT BETWEEN 1 AND ${meta.lastNode}`).map(
      (node) => `node ${node}: the newest node made is ${meta.lastNode}`,
    ),
    ...names(`SELECT id FROM images WHERE max(label, sequence) > ${meta.sequence}`).map(
      (id) => `image ${JSON.stringify(id)}: it is newer than the newest commit, ${meta.sequence}`,
    ),
  ];
}

/** Reading a node checks its size, hash and checksum; its length is checked here. */
function nodeFaults(_: Database.Database, { nodes, meta }: Tables): string[] {
  const faults: string[] = [];
  let after = 0;
  for (let page = nodes.page(after, PAGE_ROWS); page.nodes.length > 0; page = nodes.page(after, PAGE_ROWS)) {
    page.nodes.forEach((node, i) => {
      const error = normError(page.vectors.subarray(i * meta.dimension, (i + 1) * meta.dimension));
      if (!(error <= NORM_TOLERANCE))
        faults.push(`node ${node}: the length of its descriptor differs from 1 by ${error}`);
    });
    after = page.nodes.at(-1)!;
  }
  return faults;
}

/** Reading an image checks its checksum; that is all, so the rows are only passed by. */
function imageFaults(_: Database.Database, { images }: Tables): string[] {
  let after = 0;
  for (let rows = images.page(after, PAGE_ROWS); rows.length > 0; rows = images.page(after, PAGE_ROWS)) {
    after = rows.at(-1)!.label;
  }
  return [];
}

/** As {@link imageFaults}. */
function regionFaults(_: Database.Database, { regions }: Tables): string[] {
  let after = { label: 0, place: -1 };
  for (let rows = regions.page(after, PAGE_ROWS); rows.length > 0; rows = regions.page(after, PAGE_ROWS)) {
    after = rows.at(-1)!;
  }
  return [];
}

function logFaults(_: Database.Database, { changes, meta }: Tables): string[] {
  let after = meta.logStart;
  for (let log = changes.since(after, PAGE_ROWS, meta); log.length > 0; log = changes.since(after, PAGE_ROWS, meta)) {
    after = log.at(-1)!.sequence;
  }
  return [];
}
