import { seededRandom } from '../seeded-random.js';
import { membersOf } from './class-statistics.js';

/** What a fold keeps away from learning: some images of every class, or all images of some classes. */
export type HoldOut = 'images' | 'classes';

/**
 * @returns the fold of each row, 0..folds-1, the same for the same seed. Held out by images, each class is spread evenly over
 * the folds; by classes, each fold has whole classes, as many as the others (the last may have one less).
 */
export function assignFolds(classes: ArrayLike<number>, folds: number, holdOut: HoldOut, seed = 1): Int32Array {
  const random = seededRandom(seed);
  const fold = new Int32Array(classes.length);
  // classes take turns in who gets the first image, so that folds stay even where classes are small
  let next = 0;
  for (const members of shuffled(membersOf(classes), random)) {
    for (const row of shuffled(members, random)) {
      fold[row] = next % folds;
      if (holdOut === 'images') next += 1;
    }
    if (holdOut === 'classes') next += 1;
  }
  return fold;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
