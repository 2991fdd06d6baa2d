// The certificate of a discounted solve: float64 bounds on the optimum from one backup of v, rounding included.
import type { Change } from "../kernels/index.ts";
import { nextDown, nextUp, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";
import { type Shift, seriesUp, shiftOf } from "./bounds.ts";
import { type ChoiceChanges, preciseChanges } from "./choice-changes.ts";
import { refine } from "./evaluation/evaluate.ts";
import { backupError, type Problem } from "./problem.ts";
import type { Run } from "./run.ts";

/** Proven bounds, in the maximising sense of the problem. */
export interface Certificate {
  /** S numbers each: V* and the value of `policy` lie between them. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** S numbers: the middle. */
  readonly value: Float64Array;
  /** S choices: greedy for v, lowest index within `tieTolerance`; -1 where terminal. */
  readonly policy: Int32Array;
  /** At least upper - lower everywhere. */
  readonly gap: number;
  /** At least |value - V*| everywhere. */
  readonly error: number;
  readonly tieTolerance: number;
  /** How much of the gap is rounding: it stays when v is the exact fixed point. */
  readonly roundingGap: number;
}

/**
 * Bounds from one backup of v: plain arithmetic with an a priori rounding bound first, then compensated sums where rounding is what keeps the gap above
 * what was asked, and at last a v of twice the working precision, where the rounding of v itself does.
 */
export async function certify(run: Run, v: Float64Array, epsilon: number): Promise<Certificate> {
  const { problem } = run;
  const plain = await certifyWith(run, v, epsilon, backupError(problem, supNorm(v)), undefined);
  if (plain.error <= epsilon || plain.roundingGap < 0.1 * plain.gap) return plain;
  const precise = await certifyPrecisely(run, v, epsilon, undefined);
  const ownRounding = 2 * UNIT_ROUNDOFF * supNorm(v) * (1 + seriesUp(problem));
  if (precise.error <= epsilon || ownRounding < 0.1 * precise.gap || run.limit !== undefined) return precise;
  const low = new Float64Array(v.length);
  // The first pass brings what one float64 cannot hold, the second what the first one rounded.
  for (let pass = 0; pass < 2; pass++) await refine(run, problem, precise.policy, v, low);
  const doubled = await certifyPrecisely(run, v, epsilon, low);
  return doubled.error < precise.error ? doubled : precise;
}

function certifyPrecisely(run: Run, v: Float64Array, epsilon: number, low: Float64Array | undefined): Promise<Certificate> {
  const changes = preciseChanges(run.problem, v, low);
  return certifyWith(run, v, epsilon, changes.error, { changes, low });
}

/** What stands in for the kernel's plain backups of v: changes of twice the working precision, of v or of v + low. */
interface Precise {
  readonly changes: ChoiceChanges;
  readonly low: Float64Array | undefined;
}

/** @param error how far off each Q - v may be, besides one relative rounding. */
async function certifyWith(run: Run, v: Float64Array, epsilon: number, error: number, precise: Precise | undefined): Promise<Certificate> {
  const { problem } = run;
  const { stateCount } = problem.storage;
  const series = seriesUp(problem);
  const tieTolerance = Math.min(series === 0 || series === Infinity ? epsilon : epsilon / (16 * (1 + series)), 1e-9 * Math.max(Number.MIN_VALUE, supNorm(v)));
  const policy = new Int32Array(stateCount).fill(-1);
  // First the best and the chosen change of each state, then, in the same arrays, the bounds they lead to.
  const upper = new Float64Array(stateCount);
  const lower = new Float64Array(stateCount);
  const change: Change = { min: problem.ends ? 0 : Infinity, max: problem.ends ? 0 : -Infinity };
  await run.eachSlice((from, to) => {
    if (precise === undefined) problem.kernel.greedyWithin(v, tieTolerance, upper, lower, policy, from, to, change);
    else greedyPrecisely(problem, precise.changes, tieTolerance, upper, lower, policy, from, to, change);
  });
  if (change.min > change.max) change.min = change.max = 0;
  const slack = (d: number) => nextUp(error + UNIT_ROUNDOFF * 1.01 * Math.abs(d));
  const shift = shiftOf(problem, { min: nextDown(change.min - slack(change.min)), max: nextUp(change.max + slack(change.max)) });
  const value = new Float64Array(stateCount);
  const width: Width = { gap: 0, worst: 0 };
  await run.eachSlice((from, to) => boundStates({ v, low: precise?.low, policy, lower, upper, value }, shift, error, from, to, width));
  const { gap, worst } = width;
  const rounding = 2 * (error + UNIT_ROUNDOFF * 4 * supNorm(v)) * (1 + series);
  return { lower, upper, value, policy, gap: gap === 0 ? 0 : nextUp(gap), error: worst === 0 ? 0 : nextUp(worst), tieTolerance, roundingGap: rounding };
}

/** The widest bounds, and the largest distance from a value to one of its bounds. */
interface Width {
  gap: number;
  worst: number;
}

/** Vectors of S numbers; `lower` and `upper` hold the chosen and the best change of each state, and are overwritten with the bounds these lead to. */
interface Bounded {
  readonly v: Float64Array;
  readonly low: Float64Array | undefined;
  readonly policy: Int32Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly value: Float64Array;
}

/**
 * What the four additions of a bound round: each at most u times the sizes added up so far (Higham, Accuracy and Stability, section 4.2). One more u is for the
 * relative rounding of a change, two for what the slack rounds itself.
 */
const SUM_ROUNDING = 7 * UNIT_ROUNDOFF;

/**
 * lower = v + low + chosen + shift.low and upper = v + low + best + shift.high, widened by `error`, by one relative rounding of the changes, and by what these sums round.
 */
function boundStates({ v, low, policy, lower, upper, value }: Bounded, shift: Shift, error: number, from: number, to: number, width: Width): void {
  const constant = error + Number.MIN_VALUE;
  const shiftSize = Math.max(Math.abs(shift.low), Math.abs(shift.high));
  for (let s = from; s < to; s++) {
    if (policy[s]! < 0) continue;
    const x = v[s]!;
    const rest = low === undefined ? 0 : low[s]!;
    const best = upper[s]!;
    const chosen = lower[s]!;
    const change = Math.max(Math.abs(best), Math.abs(chosen));
    // The value is added last: it rounds once, by at most u times the size of the bound.
    const slack = constant + SUM_ROUNDING * (error + 2 * change + shiftSize + Math.abs(rest)) + 2 * UNIT_ROUNDOFF * Math.abs(x);
    const below = x + (rest + (chosen + shift.low) - slack);
    const above = x + (rest + (best + shift.high) + slack);
    const middle = below + 0.5 * (above - below);
    lower[s] = below;
    upper[s] = above;
    value[s] = middle;
    if (above - below > width.gap) width.gap = above - below;
    const off = Math.max(above - middle, middle - below);
    if (off > width.worst) width.worst = off;
  }
}

/** What the kernel's `greedyWithin` does, from precise changes. */
function greedyPrecisely(
  problem: Problem,
  changes: ChoiceChanges,
  tolerance: number,
  best: Float64Array,
  chosen: Float64Array,
  policy: Int32Array,
  from: number,
  to: number,
  change: Change,
): void {
  const { stateChoices } = problem.storage;
  const difference = changes.of(from, to);
  const offset = stateChoices[from]!;
  for (let s = from; s < to; s++) {
    const first = stateChoices[s]! - offset;
    const end = stateChoices[s + 1]! - offset;
    if (first === end) continue;
    let most = -Infinity;
    for (let k = first; k < end; k++) if (difference[k]! > most) most = difference[k]!;
    let k = first;
    while (difference[k]! < most - tolerance) k++;
    policy[s] = k + offset;
    best[s] = most;
    chosen[s] = difference[k]!;
    if (difference[k]! < change.min) change.min = difference[k]!;
    if (most > change.max) change.max = most;
  }
}
