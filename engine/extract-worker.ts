/** Thread shell round {@link Extraction} and {@link Detection}: takes pixels, gives descriptors, activations and boxes. */
import { Detection, type DetectRequest } from './detection.js';
import { Extraction, type ActivationRequest, type DescribeRequest, type WindowsRequest } from './extract.js';
import { serveWorker } from './threads/serve-worker.js';

const extraction = new Extraction();
const detection = new Detection();

serveWorker({
  open: (modelDirectory: string) => extraction.open(modelDirectory),
  describe: (request: DescribeRequest) => extraction.describe(request),
  activation: (request: ActivationRequest) => extraction.activation(request),
  describeWindows: (request: WindowsRequest) => extraction.describeWindows(request),
  openDetector: (directory: string) => detection.open(directory),
  detect: (request: DetectRequest) => detection.detect(request),
});
