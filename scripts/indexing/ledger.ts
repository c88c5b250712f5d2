import type { WriteStream } from 'node:fs';
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { LikenessError, type ErrorCode } from '../../engine/errors.js';

export type IndexOutcome = 'added' | 'replaced' | 'unchanged' | 'rejected' | 'deleted';

/** What became of one item. */
export interface LedgerEntry {
  id: string;
  outcome: IndexOutcome;
  path?: string;
  code?: ErrorCode;
  message?: string;
}

/** A file with a JSON line for each item of each run, appended as they are done. */
export class Ledger {
  readonly #stream: WriteStream;

  private constructor(stream: WriteStream) {
    this.#stream = stream;
    // told of by close()
    stream.on('error', () => undefined);
  }

  /** @throws `invalid_request` if the file cannot be written */
  static async open(file: string): Promise<Ledger> {
    try {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'a+');
      const isTorn = await endsInsideLine(handle);
      const stream = handle.createWriteStream();
      if (isTorn) stream.write('\n');
      return new Ledger(stream);
    } catch (error) {
      throw new LikenessError('invalid_request', `expected a ledger that can be written at ${file}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  write(entry: LedgerEntry): void {
    this.#stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
  }

  /** @throws what a write failed with */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}

/** A run that was killed may have left half a line, which must not swallow the next one. */
async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

/** @returns the ids whose last entry says rejected; a line torn by a crash is passed over. @throws `invalid_request` without a ledger */
export async function rejectedIds(file: string): Promise<Set<string>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LikenessError('invalid_request', `expected the ledger of an earlier run at ${file}: ${String(error)}`, {
      cause: error,
    });
  });
  const rejected = new Set<string>();
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry?.outcome === 'rejected') rejected.add(entry.id);
    else if (entry !== undefined) rejected.delete(entry.id);
  }
  return rejected;
}

function parseEntry(line: string): LedgerEntry | undefined {
  try {
    return (JSON.parse(line) as LedgerEntry | null) ?? undefined;
  } catch {
    return undefined;
  }
}
