// An .npy array read number by number, a piece of the file in memory at a time: models larger than half the memory can be built from it.
import { closeSync, openSync, readSync } from "node:fs";
import { readHeader } from "./npy.ts";

const PIECE = 2 ** 18;

export class NpyStream {
  readonly length: number;
  /** Spent reading the file. */
  seconds = 0;
  readonly #file: number;
  readonly #piece: Int32Array | Float64Array;
  readonly #bytes: Uint8Array;
  #at = PIECE;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    const { dtype, length, from } = readHeader(this.#file, path);
    this.length = length;
    this.#piece = dtype === "<i4" ? new Int32Array(PIECE) : new Float64Array(PIECE);
    this.#bytes = new Uint8Array(this.#piece.buffer);
    // Leaves the file's own position at the first number.
    readSync(this.#file, Buffer.alloc(from));
  }

  /** The next number; 0 past the end. */
  next(): number {
    if (this.#at === PIECE) this.#refill();
    return this.#piece[this.#at++]!;
  }

  close(): void {
    closeSync(this.#file);
  }

  #refill(): void {
    const started = performance.now();
    this.#at = 0;
    for (let at = 0; at < this.#bytes.length; ) {
      const read = readSync(this.#file, this.#bytes, at, this.#bytes.length - at, null);
      if (read === 0) break;
      at += read;
    }
    this.seconds += (performance.now() - started) / 1000;
  }
}
