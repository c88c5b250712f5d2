import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';

/** What an index run is of. */
export interface LedgerSubject {
  dataDir: string;
  collection: string;
  /** Absolute path of the folder or manifest. */
  source: string;
  /** Where the pictures go, if not to the data directory. */
  server?: string | undefined;
}

/** @returns the ledger of runs from one source to one collection; two sources of one name have two ledgers. */
export function defaultLedger({ dataDir, collection, source, server }: LedgerSubject): string {
  const readable = basename(source).replace(/[^A-Za-z0-9._-]/g, '_');
  const mark = createHash('sha256')
    .update(`${server ?? ''}\n${source}`)
    .digest('hex')
    .slice(0, 8);
  return join(dataDir, 'ledgers', `${collection}-${readable}-${mark}.ndjson`);
}
