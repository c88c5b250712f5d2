/** Examples by what they are for: places in the list of all. */
export interface Split {
  training: Uint32Array;
  heldOut: Uint32Array;
}

/** Examples that are held out at most: enough to fit a temperature on, and few enough to vote for each. */
const MOST_HELD_OUT = 2000;

/**
 * Holds out a share of the examples of each label, at random. A label with fewer than two examples keeps its one for
 * training. @param targets label of each example. @param random numbers in [0, 1)
 */
export function splitHeldOut(targets: Uint32Array, share: number, random: () => number): Split {
  const wanted = Math.min(share, MOST_HELD_OUT / Math.max(1, targets.length));
  const members = new Map<number, number[]>();
  shuffled(targets.length, random).forEach((example) => {
    const label = targets[example]!;
    const ofLabel = members.get(label);
    if (ofLabel === undefined) members.set(label, [example]);
    else ofLabel.push(example);
  });
  const [training, heldOut]: [number[], number[]] = [[], []];
  for (const examples of members.values()) {
    // rounded at random, so that labels with few examples give their share as well
    const count = Math.min(examples.length - 1, Math.floor(wanted * examples.length + random()));
    heldOut.push(...examples.slice(0, count));
    training.push(...examples.slice(count));
  }
  return { training: Uint32Array.from(training).sort(), heldOut: Uint32Array.from(heldOut).sort() };
}

/** @returns 0 to count - 1 in random order (Fisher & Yates). */
export function shuffled(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
