// Has an iteration stopped moving? Near the limits of float64 the change wanders at the level of rounding and no longer shrinks.
import { supNorm } from "../numeric/index.ts";
import { seriesUp } from "./bounds.ts";
import { backupError, type Problem } from "./problem.ts";

/** How many iterations the smallest change seen may stand, at the level of rounding, before more of them are pointless. */
const PATIENCE = 64;

/** Changes up to this many times a backup's rounding bound may be rounding alone. */
const NOISE = 16;

/** Where 1 / (1 - γ) is larger, this stands for it. */
const MOST_STEPS = 1e6;

/** Watches the size of the changes, which should fall. */
export class ProgressGuard {
  readonly #problem: Problem;
  /** 1 / (1 - γ): how many times over a rounding counts that is made in every iteration. */
  readonly #steps: number;
  #least = Infinity;
  #since = 0;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#steps = Math.min(1 + seriesUp(problem), MOST_STEPS);
  }

  /** Whether v is a fixed point, or changes only by what rounding can feign and has not come closer in a long while. */
  stalled(size: number, v: Float64Array): boolean {
    if (size < 0.99 * this.#least) {
      this.#least = size;
      this.#since = 0;
    } else {
      this.#since++;
    }
    if (size === 0) return true;
    if (this.#since <= PATIENCE) return false;
    const noise = backupError(this.#problem, supNorm(v));
    if (size <= NOISE * noise) return true;
    // Rounding by e in every backup can keep changes of 2e/(1-γ) alive; without it they would have fallen e^-4 fold in this time.
    return this.#since > PATIENCE + 4 * this.#steps && size <= 2 * noise * this.#steps;
  }
}
