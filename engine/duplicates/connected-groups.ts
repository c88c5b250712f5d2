/**
 * Connected components: what is linked, directly or over others, is one group.
 * @param count of the items 0..count-1
 * @returns groups of two or more, each by rising number, groups by their first
 */
export function connectedGroups(count: number, links: Iterable<readonly [number, number]>): number[][] {
  const parent = Uint32Array.from({ length: count }, (_, item) => item);
  const rootOf = (item: number): number => {
    let root = item;
    while (parent[root] !== root) root = parent[root]!;
    // every item on the way points at the root from now on
    for (let at = item; at !== root;) [at, parent[at]] = [parent[at]!, root];
    return root;
  };
  for (const [a, b] of links) {
    const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y) as [number, number];
    parent[high] = low;
  }
  const groups = new Map<number, number[]>();
  for (let item = 0; item < count; item++) {
    const root = rootOf(item);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [item]);
    else group.push(item);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
