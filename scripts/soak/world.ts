import { isDeepStrictEqual } from 'node:util';
import type { ImageRecord, Metadata } from '../../engine/types.js';

/** An image as it should be; undefined where there should be none. */
export type Expected = { contentHash: string; look: string; metadata: Metadata } | undefined;

/** What the store must hold, from what was acknowledged; a write without an answer may have happened or not. */
export class World {
  /** Highest sequence that was acknowledged. */
  sequence = 0;
  /** Writes that were acknowledged. */
  acknowledgements = 0;
  /** Faults found, in words. */
  readonly faults: string[] = [];
  readonly #settled = new Map<string, NonNullable<Expected>>();
  readonly #unanswered = new Map<string, Expected>();

  /** Writes that were sent and not answered. */
  get unanswered(): number {
    return this.#unanswered.size;
  }

  /** Images that are surely there. */
  get ids(): string[] {
    return [...this.#settled.keys()].filter((id) => !this.#unanswered.has(id));
  }

  /** The image as it was last acknowledged. */
  get(id: string): Expected {
    return this.#settled.get(id);
  }

  /** Call before the request is sent. */
  sent(id: string, next: Expected): void {
    this.#unanswered.set(id, next);
  }

  /** Call when the request was answered with success. */
  acknowledged(id: string, sequence: number): void {
    this.#settle(id, this.#unanswered.get(id));
    this.sequence = Math.max(this.sequence, sequence);
    this.acknowledgements += 1;
  }

  /**
   * Compares with all that a collection lists, and takes over which unanswered writes happened. What differs becomes a
   * fault.
   */
  compare(records: readonly ImageRecord[]): void {
    const found = new Map(records.map((record) => [record.id, record]));
    if (found.size !== records.length) this.faults.push(`${records.length - found.size} ids are listed twice`);
    for (const id of new Set([...this.#settled.keys(), ...this.#unanswered.keys(), ...found.keys()])) {
      this.#compareOne(id, found.get(id));
    }
  }

  #compareOne(id: string, record: ImageRecord | undefined): void {
    const allowed = [this.#settled.get(id), ...(this.#unanswered.has(id) ? [this.#unanswered.get(id)] : [])];
    const match = allowed.findIndex((expected) => isAs(record, expected));
    if (match < 0) this.faults.push(`${id}: expected ${allowed.map(inWords).join(' or ')}, found ${inWords(record)}`);
    this.#settle(id, allowed[Math.max(0, match)]);
  }

  #settle(id: string, expected: Expected): void {
    this.#unanswered.delete(id);
    if (expected === undefined) this.#settled.delete(id);
    else this.#settled.set(id, expected);
  }
}

function isAs(record: ImageRecord | undefined, expected: Expected): boolean {
  if (record === undefined || expected === undefined) return record === expected;
  return record.contentHash === expected.contentHash && isDeepStrictEqual(record.metadata, expected.metadata);
}

function inWords(image: { contentHash: string; metadata: Metadata } | undefined): string {
  return image === undefined ? 'none' : `${image.contentHash.slice(0, 8)} ${JSON.stringify(image.metadata)}`;
}
