// Typed arrays that grow towards a foreseen length, without a copy at the end; or that lie in a region given to them.
import { OptionError } from "../errors.ts";

/** The int32 limit on every count of a model. */
export const MAX_COUNT = 2147483647;

/** What an array that runs full asks. */
export interface Growth {
  /** Guesses a final length from the length so far. Memory never written to is never held, so a guess too high costs address space only. */
  foresee(length: number): number;
  /** Called after an array has grown, and so left the region it was given. */
  grown(): void;
}

/** No guess: growth by halves. */
const BY_HALVES: Growth = { foresee: () => 0, grown: () => undefined };

/** Int32Array with push. */
export class GrowableInt32 {
  length = 0;
  array: Int32Array;
  readonly #growth: Growth;

  constructor(capacity: number, growth: Growth = BY_HALVES) {
    this.array = new Int32Array(capacity);
    this.#growth = growth;
  }

  push(x: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = x;
  }

  /** Makes room for `more` entries, which the caller writes itself. */
  reserve(more: number): void {
    if (this.length + more <= this.array.length) return;
    this.array = enlarged(this.done(), new Int32Array(capacityFor(this.length, more, this.#growth)));
    this.#growth.grown();
  }

  /** Goes on in `region`, zeroed memory with room for all there is. */
  moveTo(region: Int32Array): void {
    this.array = enlarged(this.done(), region);
  }

  /** Goes on in memory of its own, where it lies in `buffer`. */
  leave(buffer: ArrayBufferLike): void {
    if (this.array.buffer === buffer) this.moveTo(new Int32Array(capacityFor(this.length, 0, this.#growth)));
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
  readonly #growth: Growth;

  constructor(capacity: number, growth: Growth = BY_HALVES) {
    this.array = new Float64Array(capacity);
    this.#growth = growth;
  }

  push(x: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = x;
  }

  /** Makes room for `more` entries, which the caller writes itself. */
  reserve(more: number): void {
    if (this.length + more <= this.array.length) return;
    this.array = enlarged(this.done(), new Float64Array(capacityFor(this.length, more, this.#growth)));
    this.#growth.grown();
  }

  /** Goes on in `region`, zeroed memory with room for all there is. */
  moveTo(region: Float64Array): void {
    this.array = enlarged(this.done(), region);
  }

  /** Goes on in memory of its own, where it lies in `buffer`. */
  leave(buffer: ArrayBufferLike): void {
    if (this.array.buffer === buffer) this.moveTo(new Float64Array(capacityFor(this.length, 0, this.#growth)));
  }

  /** The filled part. */
  done(): Float64Array {
    return this.array.subarray(0, this.length);
  }
}

/** `to` with the entries of the shorter `from` at its front. */
export function enlarged<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Half again as much, or up to sixteen times as much where that is foreseen: every growth copies, and touches fresh memory. */
function capacityFor(length: number, more: number, growth: Growth): number {
  const needed = length + more;
  if (needed > MAX_COUNT) throw new OptionError("number of choices or branches", needed, `at most ${MAX_COUNT}`);
  const foreseen = Math.min(growth.foresee(length) * 1.02, length * 16);
  return Math.min(MAX_COUNT, Math.max(64, needed, Math.ceil(length * 1.5), Math.ceil(foreseen)));
}
