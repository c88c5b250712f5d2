import { LikenessError } from '../engine/errors.js';

export interface AdmissionLimits {
  /** Requests that run at once. */
  maxConcurrentRequests: number;
  /** Requests that wait for a slot; one more is turned away. */
  maxQueuedRequests: number;
  /** Bytes that the running requests may hold together. */
  maxBytesInFlight: number;
}

export interface AdmissionStats {
  running: number;
  queued: number;
  bytesInFlight: number;
}

/** A slot that was taken, with the bytes reserved for the request's body. Given back once, whatever happens. */
export interface Slot {
  /** Reserves more, for what the server fetches itself. @throws `overloaded` */
  reserve(bytes: number): void;
  free(): void;
}

interface Waiter {
  bytes: number;
  admit: (slot: Slot) => void;
}

/**
 * Bounds the requests that hold pictures. A slot is taken before the body is read, first come, first served, so that
 * memory stays bounded however many clients send at once.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  #waiters: Waiter[] = [];
  #running = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get stats(): AdmissionStats {
    return { running: this.#running, queued: this.#waiters.length, bytesInFlight: this.#bytes };
  }

  /**
   * @param bytes of the body that is to come
   * @param signal gives up waiting
   * @throws `overloaded` when too many wait, or the signal's reason
   */
  enter(bytes: number, signal: AbortSignal): Promise<Slot> {
    if (this.#waiters.length === 0 && this.#fits(bytes)) return Promise.resolve(this.#take(bytes));
    if (this.#waiters.length >= this.#limits.maxQueuedRequests) {
      const { running, queued } = this.stats;
      const message = `${running} requests are running and ${queued} waiting; try again later`;
      return Promise.reject(new LikenessError('overloaded', message));
    }
    return this.#wait(bytes, signal);
  }

  #wait(bytes: number, signal: AbortSignal): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        this.#admitWaiting();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        bytes,
        admit: (slot) => {
          signal.removeEventListener('abort', giveUp);
          resolve(slot);
        },
      };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #fits(bytes: number): boolean {
    return this.#running < this.#limits.maxConcurrentRequests && this.#bytes + bytes <= this.#limits.maxBytesInFlight;
  }

  #take(bytes: number): Slot {
    this.#running += 1;
    this.#bytes += bytes;
    let held: number | undefined = bytes;
    return {
      reserve: (more) => {
        if (held === undefined || this.#bytes + more > this.#limits.maxBytesInFlight)
          throw new LikenessError('overloaded', 'the requests that run hold too many bytes; try again later');
        held += more;
        this.#bytes += more;
      },
      free: () => {
        if (held === undefined) return;
        this.#running -= 1;
        this.#bytes -= held;
        held = undefined;
        this.#admitWaiting();
      },
    };
  }

  #admitWaiting(): void {
    for (let next = this.#waiters[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiters[0]) {
      this.#waiters.shift();
      next.admit(this.#take(next.bytes));
    }
  }
}
