const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam (Kingma & Ba 2015) with its usual constants, over one array of parameters. */
export class Adam {
  readonly #rate: number;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  /** @param size how many parameters. @param rate alpha of the paper */
  constructor(size: number, rate: number) {
    this.#rate = rate;
    this.#mean = new Float64Array(size);
    this.#square = new Float64Array(size);
  }

  /** Changes the parameters in place, against the gradient. */
  step(parameters: Float64Array, gradient: Float64Array): void {
    this.#steps += 1;
    const [bias1, bias2] = [1 - BETA_1 ** this.#steps, 1 - BETA_2 ** this.#steps];
    for (let i = 0; i < parameters.length; i++) {
      const slope = gradient[i]!;
      const mean = (this.#mean[i] = BETA_1 * this.#mean[i]! + (1 - BETA_1) * slope);
      const square = (this.#square[i] = BETA_2 * this.#square[i]! + (1 - BETA_2) * slope * slope);
      parameters[i]! -= (this.#rate * (mean / bias1)) / (Math.sqrt(square / bias2) + EPSILON);
    }
  }
}
