// MacQueen's and Porteus's bounds: how far the optimum can be from one backup, given the smallest and largest change.
// Source: Puterman, Markov Decision Processes (1994), section 6.6.2 and corollary 6.6.8; row sums other than 1 as derived below.
import { UnsupportedModelError } from "../errors.ts";
import type { Change } from "../kernels/index.ts";
import { mulDown, mulUp, nextDown, nextUp, supNorm } from "../numeric/index.ts";
import { backupError, type Problem } from "./problem.ts";

/** V* - Tv lies in [low, high] at every state. */
export interface Shift {
  readonly low: number;
  readonly high: number;
}

/**
 * From d = Tv - v in [min, max] to bounds on V* - Tv.
 *
 * @remarks With m the continuing mass of a row (its probability sum less what ends), T(v + d) - Tv is at least γ·m·min d, for the largest m where
 * min d < 0 and for the smallest where min d > 0; summed over all later backups this is the geometric series below. Where a process
 * may end, d = 0 there, so the range includes 0. All operations round outwards. Infinite where γ·m reaches 1.
 */
export function shiftOf(problem: Problem, change: Change): Shift {
  const min = problem.ends ? Math.min(0, change.min) : change.min;
  const max = problem.ends ? Math.max(0, change.max) : change.max;
  return {
    low: min < 0 ? -mulUp(-min, seriesUp(problem)) : mulDown(min, seriesDown(problem)),
    high: max > 0 ? mulUp(max, seriesUp(problem)) : -mulDown(-max, seriesDown(problem)),
  };
}

/** The width of the bounds, without certification: what iterations look at. */
export function gapOf(problem: Problem, change: Change): number {
  const { low, high } = shiftOf(problem, change);
  return high - low;
}

/** At least g / (1 - g) for g = γ·(largest mass). */
export function seriesUp(problem: Problem): number {
  const g = mulUp(problem.discount, problem.mass.max);
  const rest = nextDown(1 - g);
  if (g === 0) return 0;
  return rest > 0 ? nextUp(g / rest) : Infinity;
}

/** At most g / (1 - g) for g = γ·(smallest mass). */
function seriesDown(problem: Problem): number {
  const g = mulDown(problem.discount, problem.mass.min);
  if (g <= 0) return 0;
  return nextDown(g / nextUp(1 - g));
}

/** Values beyond this overflow in the middle of a backup, or where products are split. */
const LARGEST_VALUE = 2 ** 990;

/**
 * Refuses a discounted model whose values need not be numbers: no iteration of it ends.
 *
 * @throws UnsupportedModelError
 */
export function requireFiniteTotals(problem: Problem): void {
  if (problem.largestReward === 0) return;
  const series = seriesUp(problem);
  if (series === Infinity) {
    throw new UnsupportedModelError(
      `discount ${problem.discount} times the largest row sum ${problem.mass.max} cannot be shown to be below 1: totals need not be finite, expected a product below 1.`,
      {
        hint: "pass normalize: true to divide each row by its sum, or use a smaller discount.",
      },
    );
  }
  if (!(problem.largestReward * (1 + series) <= LARGEST_VALUE)) {
    throw new UnsupportedModelError(
      `rewards up to ${problem.largestReward} at discount ${problem.discount} may add up to more than float64 holds, expected totals below 1e298.`,
      {
        hint: "scale the rewards down.",
      },
    );
  }
}

/**
 * Moves v by a constant to the middle of its bounds, where the constant is most of what is wrong: spans do not see it, it decays only by γ a sweep,
 * and rounding grows with it. Where the process ends somewhere, errors are no constants.
 */
export function recentre(problem: Problem, change: Change, v: Float64Array): void {
  const middle = 0.5 * (change.min + change.max);
  if (problem.ends || !(Math.abs(middle) > change.max - change.min)) return;
  // What rounding can feign is no reason to move: the shift would be as much noise, times 1 / (1 - γ).
  if (Math.abs(middle) <= 8 * backupError(problem, supNorm(v))) return;
  const shift = middle * seriesUp(problem);
  for (let s = 0; s < problem.storage.stateCount; s++) v[s]! += shift;
}
