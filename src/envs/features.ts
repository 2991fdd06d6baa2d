// Features of numbered states: what a function approximator sees of a state index.
import { OptionError } from "../errors.ts";

/** A vector of `size` numbers for every state index. */
export interface StateFeatures {
  readonly size: number;
  /** Writes the features of a state to `out[from] .. out[from + size - 1]`, all of them. */
  write(state: number, out: Float32Array, from: number): void;
}

/**
 * Features of a state that is made of parts, such as row and column: one group of numbers a part, 1 where the part's value stands, else 0.
 *
 * @param sizes how many values each part has.
 * @param partsOf the values of a state index's parts, each from 0 to its size - 1.
 * @throws OptionError unless sizes are positive integers; by `write`, for a part out of its range.
 * @example
 * const cells = oneHotParts([4, 4], (state) => [Math.floor(state / 4), state % 4]); // a 4x4 grid: 8 numbers
 */
export function oneHotParts(sizes: readonly number[], partsOf: (state: number) => readonly number[]): StateFeatures {
  for (const [i, size] of sizes.entries()) if (!(Number.isInteger(size) && size >= 1)) throw new OptionError(`sizes[${i}]`, size, "a positive integer");
  if (sizes.length === 0) throw new OptionError("sizes", sizes, "at least one part");
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    size: total,
    write(state, out, from) {
      out.fill(0, from, from + total);
      const parts = partsOf(state);
      if (parts.length !== sizes.length) throw new OptionError(`the parts of state ${state}`, parts, `${sizes.length} numbers, one a part`);
      let at = from;
      for (const [i, size] of sizes.entries()) {
        const value = parts[i]!;
        if (!(Number.isInteger(value) && value >= 0 && value < size))
          throw new OptionError(`part ${i} of state ${state}`, value, `an integer from 0 to ${size - 1}`);
        out[at + value] = 1;
        at += size;
      }
    },
  };
}
