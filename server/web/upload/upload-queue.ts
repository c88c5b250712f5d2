import { signal } from '@preact/signals';
import { toLikenessError } from '../../../engine/errors.js';
import type { Metadata } from '../../../engine/types.js';
import { api } from '../state/api.js';

/** A file on its way into a collection, under the id that it gets. */
export interface UploadItem {
  id: string;
  file: File;
  metadata: Metadata;
}

export interface FailedUpload extends UploadItem {
  code: string;
  message: string;
}

/** How far an upload is. */
export interface Upload {
  collection: string;
  total: number;
  added: number;
  replaced: number;
  unchanged: number;
  failed: readonly FailedUpload[];
  running: boolean;
}

/** Sent at once: one is decoded while another is inferred. */
const PARALLEL = 4;

export const upload = signal<Upload | undefined>(undefined);
let stop = new AbortController();

/** Adds files one by one, so that each has its own outcome and a bad one holds up no other. */
export async function startUpload(collection: string, items: readonly UploadItem[]): Promise<void> {
  stop = new AbortController();
  const { signal: stopped } = stop;
  const counts = { added: 0, replaced: 0, unchanged: 0 };
  upload.value = { collection, total: items.length, ...counts, failed: [], running: true };
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && !stopped.aborted; item = waiting.shift())
      await send(collection, item, stopped);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  change((now) => ({ ...now, running: false }));
}

/** Those that failed once more. */
export function retryFailed(): Promise<void> {
  const { collection, failed } = upload.value!;
  return startUpload(collection, failed);
}

export function stopUpload(): void {
  stop.abort();
}

async function send(collection: string, { id, file, metadata }: UploadItem, stopped: AbortSignal): Promise<void> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { outcome } = await api.put(collection, { id, bytes, metadata, signal: stopped });
    change((now) => ({ ...now, [outcome]: now[outcome] + 1 }));
  } catch (thrown) {
    if (stopped.aborted) return;
    const { code, message } = toLikenessError(thrown);
    change((now) => ({ ...now, failed: [...now.failed, { id, file, metadata, code, message }] }));
  }
}

function change(next: (now: Upload) => Upload): void {
  if (upload.value !== undefined) upload.value = next(upload.value);
}
