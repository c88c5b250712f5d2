import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { GroupedRows } from './group-means.js';
import type { MeansWorkerApi } from './means-worker.js';

/** Averages pages of rows by group in a thread of its own, which ends with it. @throws `worker_crashed` */
export async function meansByGroup(
  dimension: number,
  pages: AsyncIterable<GroupedRows>,
): Promise<{ mean: number[]; count: number }[]> {
  const client = new WorkerClient<MeansWorkerApi>(workerUrl(import.meta.url, './means-worker.js'), {
    name: 'domain-means',
  });
  try {
    await client.call('begin', dimension);
    for await (const page of pages) await client.call('add', page);
    return await client.call('means', undefined);
  } finally {
    await client.close();
  }
}
