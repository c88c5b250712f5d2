/** Thread shell round {@link Extraction}: takes pixels, gives descriptors and activations. */
import { Extraction, type ActivationRequest, type DescribeRequest } from './extract.js';
import { serveWorker } from './threads/serve-worker.js';

const extraction = new Extraction();

serveWorker({
  open: (modelDirectory: string) => extraction.open(modelDirectory),
  describe: (request: DescribeRequest) => extraction.describe(request),
  activation: (request: ActivationRequest) => extraction.activation(request),
});
