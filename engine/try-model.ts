import { Extractor } from './extractor.js';

/** Opens a model in a thread of its own, which runs it once, and ends the thread. @throws model_not_found, model_invalid. */
export async function tryModel(modelDirectory: string): Promise<void> {
  const extractor = new Extractor({ threads: 1 });
  try {
    await extractor.open(modelDirectory);
  } finally {
    await extractor.close();
  }
}
