import { dirname } from 'node:path';

/** An answer of the server, and what was not yet on the disk when it was sent. */
export interface TracedAnswer {
  status: number;
  unsynced: string[];
}

/** Derived, or without meaning after a power cut: the graph, SQLite's shared memory, the lock, who holds it. */
const NEEDS_NO_SYNC = /\/generations(\/|$)|-shm$|\/lock\.sqlite|\/holder\.json/;

/**
 * Follows a trace of system calls (strace -f -y) and looks, at each HTTP answer of status 2xx, which written files have
 * not been fsynced, and which folders have not that got a new name.
 * @param folder only what lies below it counts
 */
export function tracedAnswers(trace: string, folder: string): TracedAnswer[] {
  const disk = new UnsyncedPaths(folder);
  return wholeCalls(trace).flatMap((call) => {
    const status = /^writev?\(\d+<socket:.*?"HTTP\/1\.1 (2\d\d)/.exec(call)?.[1];
    if (status !== undefined) return [{ status: Number(status), unsynced: disk.list() }];
    disk.follow(call);
    return [];
  });
}

/** @returns the calls that succeeded, in the order in which they ended. */
function wholeCalls(trace: string): string[] {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, thread = '', text = ''] = /^(\d+)\s+(?:[\d:.]+\s+)?(.*)$/.exec(line) ?? [];
    if (text.endsWith('<unfinished ...>')) {
      begun.set(thread, text.slice(0, -'<unfinished ...>'.length));
      return [];
    }
    const end = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
    const call = end === undefined ? text : `${begun.get(thread) ?? ''}${end}`;
    return / = -1 E/.test(call) ? [] : [call];
  });
}

class UnsyncedPaths {
  readonly #folder: string;
  readonly #paths = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): string[] {
    return [...this.#paths].filter((path) => path.startsWith(this.#folder) && !NEEDS_NO_SYNC.test(path));
  }

  follow(call: string): void {
    const [, name = '', rest = ''] = /^(\w+)\((.*)$/.exec(call) ?? [];
    const open = /^\d+<(\/[^>]*)>/.exec(rest)?.[1] ?? '';
    const named = [...rest.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1]!);
    if (/^p?write(v|64)?$/.test(name)) this.#paths.add(open);
    else if (/^f(data)?sync$/.test(name)) this.#paths.delete(open);
    else if (name === 'mkdir' || (name === 'openat' && rest.includes('O_CREAT|O_EXCL'))) this.#named(named[0]!);
    else if (name.startsWith('rename')) this.#renamed(named[0]!, named[1]!);
    else if (name === 'unlink') this.#paths.delete(named[0]!);
  }

  #named(path: string): void {
    if (!NEEDS_NO_SYNC.test(path)) this.#paths.add(dirname(path));
  }

  /** What was unsynced below the old name is so below the new one. */
  #renamed(from: string, to: string): void {
    for (const path of [...this.#paths]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#paths.delete(path);
      this.#paths.add(to + path.slice(from.length));
    }
    this.#named(to);
  }
}
