import { existsSync, readFileSync } from 'node:fs';

/** Layout of a write-ahead log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/**
 * SQLite replays a write-ahead log up to the first frame whose checksum does not fit and passes over the rest in
 * silence: right for the torn end that a power cut leaves, but a flipped bit further up would undo acknowledged commits.
 * Each commit is synced before the next is written, so at most one commit can stand behind a torn frame.
 * @returns what is wrong with the log, or undefined (also if there is none).
 */
export function walFault(path: string): string | undefined {
  const log = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  if (log.length <= HEADER_BYTES) return undefined;
  const sum = new WalChecksum((log.readUInt32BE(0) & 1) === 1);
  sum.add(log.subarray(0, 24));
  const isHeader = (log.readUInt32BE(0) & ~1) === MAGIC && sum.equals(log.subarray(24, HEADER_BYTES));
  if (!isHeader) return 'the header of its write-ahead log does not fit its checksum';
  const lost = commitsBehindDamage(log, sum);
  return lost > 1 ? `its write-ahead log is damaged before the last ${lost} commits` : undefined;
}

/** Counts the commits of this log (their salts are the header's) from the first frame on that does not fit. */
function commitsBehindDamage(log: Buffer, sum: WalChecksum): number {
  const salts = log.subarray(16, 24);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  let damaged = false;
  let lost = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(FRAME_HEADER_BYTES));
    const isOfLog = frame.subarray(8, 16).equals(salts);
    damaged ||= !isOfLog || !sum.equals(frame.subarray(16, FRAME_HEADER_BYTES));
    // a frame that ends a commit holds the database's size in pages, others 0
    if (damaged && isOfLog && frame.readUInt32BE(4) > 0) lost += 1;
  }
  return lost;
}

/** The log's running checksum: two sums that feed each other, over pairs of 32-bit words. */
class WalChecksum {
  readonly #bigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  add(bytes: Buffer): void {
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + this.#word(bytes, at) + this.#second) >>> 0;
      this.#second = (this.#second + this.#word(bytes, at + 4) + this.#first) >>> 0;
    }
  }

  equals(stored: Buffer): boolean {
    return stored.readUInt32BE(0) === this.#first && stored.readUInt32BE(4) === this.#second;
  }

  #word(bytes: Buffer, at: number): number {
    return this.#bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  }
}
