// Ranges of the numbers that built-ins are made from and runs are limited by, checked before anything is allocated.
import { OptionError } from "../errors.ts";
import { MAX_COUNT } from "../mdp/growable.ts";

/** @throws OptionError unless min <= value <= max. */
export function checkNumber(where: string, value: number, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new OptionError(where, value, Number.isFinite(max) ? `a number from ${min} to ${max}` : `a number >= ${min}`);
}

/** @throws OptionError unless an integer with min <= value <= max. */
export function checkInteger(where: string, value: number, min: number, max: number = MAX_COUNT - 1): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new OptionError(where, value, `an integer from ${min} to ${max}`);
}

/** @throws OptionError where a model would have more states, choices or branches than int32 counts. */
export function checkCounts(name: string, counts: { readonly states: number; readonly choices: number; readonly branches: number }): void {
  for (const [what, count] of Object.entries(counts)) {
    if (!(count < MAX_COUNT)) throw new OptionError(`the number of ${what} of ${name}`, count, `at most ${MAX_COUNT - 1}`);
  }
}

/** How many of something, Infinity where nothing is said. @throws OptionError unless a positive integer. */
export function checkLimit(where: string, value: number | undefined): number {
  if (value === undefined) return Infinity;
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new OptionError(where, value, "a positive integer");
  return value;
}
