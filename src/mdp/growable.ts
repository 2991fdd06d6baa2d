// Typed arrays that grow towards a foreseen length, without a copy at the end.
import { OptionError } from "../errors.ts";

/** The int32 limit on every count of a model. */
export const MAX_COUNT = 2147483647;

/** Guesses a final length from the length so far. Memory never written to is never held, so a guess too high costs address space only. */
export type Foresee = (length: number) => number;

/** Int32Array with push. */
export class GrowableInt32 {
  length = 0;
  array: Int32Array;
  readonly #foresee: Foresee;

  constructor(capacity: number, foresee: Foresee = nothing) {
    this.array = new Int32Array(capacity);
    this.#foresee = foresee;
  }

  push(x: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = x;
  }

  /** Makes room for `more` entries, which the caller writes itself. */
  reserve(more: number): void {
    if (this.length + more <= this.array.length) return;
    this.array = enlarged(this.array, new Int32Array(capacityFor(this.length, more, this.#foresee)));
  }

  /** The filled part. */
  done(): Int32Array {
    return this.array.subarray(0, this.length);
  }
}

/** Float64Array with push. */
export class GrowableFloat64 {
  length = 0;
  array: Float64Array;
  readonly #foresee: Foresee;

  constructor(capacity: number, foresee: Foresee = nothing) {
    this.array = new Float64Array(capacity);
    this.#foresee = foresee;
  }

  push(x: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = x;
  }

  /** Makes room for `more` entries, which the caller writes itself. */
  reserve(more: number): void {
    if (this.length + more <= this.array.length) return;
    this.array = enlarged(this.array, new Float64Array(capacityFor(this.length, more, this.#foresee)));
  }

  done(): Float64Array {
    return this.array.subarray(0, this.length);
  }
}

/** `to` with the entries of the shorter `from` at its front. */
export function enlarged<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** No guess: growth by halves. */
const nothing: Foresee = () => 0;

/** Half again as much, or up to sixteen times as much where that is foreseen: every growth copies, and touches fresh memory. */
function capacityFor(length: number, more: number, foresee: Foresee): number {
  const needed = length + more;
  if (needed > MAX_COUNT) throw new OptionError("number of choices or branches", needed, `at most ${MAX_COUNT}`);
  const foreseen = Math.min(foresee(length) * 1.02, length * 16);
  return Math.min(MAX_COUNT, Math.max(64, needed, Math.ceil(length * 1.5), Math.ceil(foreseen)));
}
