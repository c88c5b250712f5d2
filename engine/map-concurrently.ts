/**
 * Maps items with at most `concurrency` calls under way; results in the order of the items. The first failure rejects, and
 * no further call starts.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const waiting = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [position, item] of waiting) {
      if (failed) return;
      results[position] = await map(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  return results;
}
