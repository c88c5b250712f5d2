import { HASH_BITS, hashDistance } from './perceptual-hash.js';

/** Hashes that differ in at most so many bits are of one picture: another size, another compression. */
const MAX_BITS = 4;
/** Hashes that differ in MAX_BITS agree in one of so many parts. */
const PARTS = MAX_BITS + 1;

/** What is known of a picture without looking at it. */
interface HashedImage {
  /** Its descriptor; pictures that share one look the same to the model. */
  node: number;
  /** Absent where it was not computed yet. */
  perceptualHash?: string;
}

/**
 * Which pictures of a list look the same as one before. A picture is compared with the first of each group only, so that a
 * chain of small changes does not join what differs; a longer list with the same beginning gives the same groups there.
 * @returns by position, the position of the first of its group: of the earliest that has its node or a hash within 4 bits
 */
export function groupLookAlikes(images: readonly HashedImage[]): Uint32Array {
  const firsts = new FirstPictures();
  return Uint32Array.from(images, (image, position) => firsts.find(image) ?? firsts.add(image, position));
}

/** The first pictures of the groups so far. */
class FirstPictures {
  readonly #byNode = new Map<number, number>();
  /** Positions and hashes by each part of the hash. */
  readonly #byPart = new Map<string, { position: number; hash: string }[]>();

  /** @returns the position of the earliest that looks the same. */
  find({ node, perceptualHash: hash }: HashedImage): number | undefined {
    let earliest = this.#byNode.get(node) ?? Infinity;
    for (const key of hash === undefined ? [] : partsOf(hash))
      for (const first of this.#byPart.get(key) ?? [])
        if (first.position < earliest && hashDistance(first.hash, hash!) <= MAX_BITS) earliest = first.position;
    return earliest === Infinity ? undefined : earliest;
  }

  /** @returns its position. */
  add({ node, perceptualHash: hash }: HashedImage, position: number): number {
    this.#byNode.set(node, position);
    if (hash === undefined) return position;
    for (const key of partsOf(hash)) {
      const alike = this.#byPart.get(key);
      if (alike === undefined) this.#byPart.set(key, [{ position, hash }]);
      else alike.push({ position, hash });
    }
    return position;
  }
}

/** @returns the hash in PARTS parts, each with its number. */
function partsOf(hash: string): string[] {
  const bits = BigInt(`0x${hash}`).toString(2).padStart(HASH_BITS, '0');
  const size = Math.ceil(HASH_BITS / PARTS);
  return Array.from({ length: PARTS }, (_, part) => `${part}:${bits.slice(part * size, (part + 1) * size)}`);
}
