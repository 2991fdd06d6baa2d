// The rows that a policy needs, each once: where rows are shared, one expectation serves many states.
import { rowOf, type Storage } from "../../mdp/index.ts";

export class HeldRows {
  /** Where the list lies in linear memory, as int32. */
  readonly address: number;
  length = 0;
  readonly #storage: Storage;
  readonly #rows: Int32Array;
  readonly #listed: Uint8Array;

  constructor(storage: Storage, buffer: ArrayBufferLike, address: number) {
    this.address = address;
    this.#storage = storage;
    this.#rows = new Int32Array(buffer, address, storage.rowCount);
    this.#listed = new Uint8Array(storage.rowCount);
  }

  /** Adds the rows of the states from .. to; the list begins anew with the first of them. */
  list(policy: Int32Array, from: number, to: number): void {
    if (from === 0) {
      this.length = 0;
      this.#listed.fill(0);
    }
    for (let s = from; s < to; s++) {
      if (policy[s]! < 0) continue;
      const row = rowOf(this.#storage, policy[s]!);
      if (this.#listed[row] === 1) continue;
      this.#listed[row] = 1;
      this.#rows[this.length++] = row;
    }
  }
}
