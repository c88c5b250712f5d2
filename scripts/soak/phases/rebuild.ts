import { deleteImages, importImages } from '../imports.js';
import { killAmid, waitUntil } from '../kill-amid.js';
import type { Phase } from '../round.js';
import { runWriters } from '../writers.js';

const BATCH = 900;
/** More than the deleted nodes at which an index is built anew. */
const DELETES = 1100;

/** Writers, while so many nodes are deleted that the graph is built anew in a second worker. */
export const rebuild: Phase = {
  name: 'rebuild',
  environment: {},
  interrupt: async (round) => {
    const { server, world, number, client, collection } = round;
    const { fingerprint = '', dimension = 0 } = await client.collection(collection);
    const present = () => world.ids.filter((id) => id.startsWith('import/'));
    for (let batch = 0; present().length < DELETES + BATCH; batch++) {
      const ids = Array.from({ length: BATCH }, (_, i) => `import/${number}/${batch}/${i}`);
      await importImages(round, ids, fingerprint, dimension);
    }
    const doomed = present();
    const load = [deleteImages(round, doomed.slice(0, 600)), deleteImages(round, doomed.slice(600, DELETES))];
    load.push(runWriters(round));
    if (round.random.chance(0.8)) await waitUntil(() => server.events.includes('rebuild'), 10_000);
    await killAmid(round, load, 400);
    return server.events.lastIndexOf('rebuild') > server.events.lastIndexOf('rebuilt');
  },
};
