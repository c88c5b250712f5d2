/** Rows with the group that each belongs to. */
export interface GroupedRows {
  /** [n, D] */
  vectors: Float32Array;
  /** [n], numbers from 0. */
  groups: Uint32Array;
}

/** Means of rows by group, gathered page by page. */
export class GroupMeans {
  readonly #dimension: number;
  readonly #sums: Float64Array[] = [];
  readonly #counts: number[] = [];

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  add({ vectors, groups }: GroupedRows): void {
    groups.forEach((group, row) => {
      const sum = (this.#sums[group] ??= new Float64Array(this.#dimension));
      this.#counts[group] = (this.#counts[group] ?? 0) + 1;
      for (let i = 0; i < this.#dimension; i++) sum[i]! += vectors[row * this.#dimension + i]!;
    });
  }

  /** @returns the mean [D] of each group and its number of rows. */
  means(): { mean: number[]; count: number }[] {
    return this.#sums.map((sum, group) => {
      const count = this.#counts[group]!;
      return { count, mean: Array.from(sum, (value) => value / count) };
    });
  }
}
