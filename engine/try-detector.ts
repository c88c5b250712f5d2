import { Extractor } from './extractor.js';

/** Opens the detector in a folder in a thread of its own, which runs it once. @throws model_not_found, model_invalid */
export async function tryDetector(directory: string): Promise<void> {
  const extractor = new Extractor({ threads: 1 });
  try {
    await extractor.openDetector(directory);
  } finally {
    await extractor.close();
  }
}
