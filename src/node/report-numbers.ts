// Numbers of comparisons as reports take them.
import type { Range } from "../report/index.ts";
import type { Spread } from "../solvers/index.ts";

/** Numbers of some states laid out over all of them, NaN elsewhere. */
export function byState(size: number, states: Int32Array, numbers: Float64Array): Float64Array {
  const all = new Float64Array(size).fill(Number.NaN);
  for (const [k, s] of states.entries()) all[s] = numbers[k]!;
  return all;
}

/** A spread as the report's range. */
export function rangeOf({ median, min, max }: Spread): Range {
  return { median, low: min, high: max };
}
