import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../../engine/collection/jobs.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { refreshResults } from '../search/results.js';
import { forgetCategories } from '../state/categories.js';
import { noteCollection } from '../state/collections.js';
import { listenTo } from '../state/live.js';

/** Keeps jobs and counts of a collection as they are on the server. @returns the jobs, newest first */
export function useJobs(collection: string | undefined): readonly Job[] {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  useEffect(() => {
    setJobs([]);
    if (collection === undefined) return undefined;
    const known = new Map<string, Job>();
    // what has changed shows in the next search
    const onCollection = (told: CollectionAnswer): void => {
      if (noteCollection(told)) refreshResults();
    };
    const onJob = (job: Job): void => {
      if (known.get(job.id)?.state === 'running' && job.state !== 'running') {
        forgetCategories();
        refreshResults();
      }
      known.set(job.id, job);
      setJobs([...known.values()].reverse());
    };
    return listenTo(collection, { onJob, onCollection });
  }, [collection]);
  return jobs;
}
