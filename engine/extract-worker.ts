/** Thread shell round {@link Extraction}: takes pixels, gives descriptors. */
import { Extraction, type DescribeRequest } from './extract.js';
import { serveWorker } from './threads/serve-worker.js';

const extraction = new Extraction();

serveWorker({
  open: (modelDirectory: string) => extraction.open(modelDirectory),
  describe: (request: DescribeRequest) => extraction.describe(request),
});
