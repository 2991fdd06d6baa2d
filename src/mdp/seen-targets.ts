// Where each successor stands in the row being built: a set cleared by counting rows instead of clearing memory.

/** Rows are numbered from 1. */
export class SeenTargets {
  readonly size: number;
  readonly #row: Int32Array;
  readonly #at: Int32Array;

  constructor(size: number) {
    this.size = size;
    this.#row = new Int32Array(size);
    this.#at = new Int32Array(size);
  }

  find(next: number, row: number): number {
    return this.#row[next] === row ? this.#at[next]! : -1;
  }

  set(next: number, row: number, branch: number): void {
    this.#row[next] = row;
    this.#at[next] = branch;
  }
}
