/**
 * Worker threads run built JavaScript only. From built code the worker stands beside its caller; from a source file (as
 * in tests) it stands at the same place under dist/.
 * @param from `import.meta.url` of the caller. @param file such as './graph-worker.js'.
 */
export function workerUrl(from: string, file: string): URL {
  const url = new URL(file, from);
  return from.endsWith('.ts') ? new URL(url.href.replace(/\/engine\//, '/dist/engine/')) : url;
}
