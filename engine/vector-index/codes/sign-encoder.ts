import { randomRotation, rotate, type RandomRotation } from './random-rotation.js';

const WORD_BITS = 32;
/** Also of fewer dimensions: with few bits most distances would be equal. */
const MIN_BITS = 64;
/** Fixed, so that the same vectors get the same codes after a start. */
const SEED = 1;

/**
 * Vectors to sign codes: moved by the centre, turned at random, one bit a number that says whether it is positive. The
 * share of bits in which two codes differ is about their angle (seen from the centre) over pi (Charikar 2002). Without
 * the turn, numbers that say little would have as many bits as those that say much; without the centre, descriptors that
 * all lean one way, as those of a pooled map without a projection do, would get nearly the same code.
 */
export class SignEncoder {
  /** Words of 32 bits in one code: an even number. */
  readonly words: number;
  readonly #rotation: RandomRotation;
  readonly #centre: Float32Array;
  readonly #turned: Float32Array;

  /** @param centre [dimension], the mean of what is to be coded. */
  constructor(centre: Float32Array) {
    const bits = Math.max(MIN_BITS, 2 ** Math.ceil(Math.log2(centre.length)));
    this.words = bits / WORD_BITS;
    this.#rotation = randomRotation(bits, SEED);
    this.#centre = centre;
    this.#turned = new Float32Array(bits);
  }

  /** Writes the code of one vector. @param vector [dimension]. @param codes [rows, words], zero where this one goes. */
  encode(vector: Float32Array, codes: Uint32Array, offset: number): void {
    const turned = this.#turned.fill(0);
    for (let i = 0; i < vector.length; i++) turned[i] = vector[i]! - this.#centre[i]!;
    rotate(this.#rotation, turned);
    for (let i = 0; i < turned.length; i++) {
      if (turned[i]! > 0) codes[offset + Math.floor(i / WORD_BITS)]! |= 1 << (i % WORD_BITS);
    }
  }
}
