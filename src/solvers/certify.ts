// The certificate of a discounted solve: float64 bounds on the optimum from one backup of v, rounding included.
import type { Change } from "../kernels/index.ts";
import { nextDown, nextUp, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";
import { seriesUp, shiftOf } from "./bounds.ts";
import { type ChoiceChanges, plainChanges, preciseChanges } from "./choice-changes.ts";
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
 * Bounds from one backup of v: plain arithmetic with an a priori rounding bound first, and compensated sums where rounding
 * is what keeps the gap above what was asked.
 */
export async function certify(run: Run, v: Float64Array, epsilon: number): Promise<Certificate> {
  const plain = await certifyWith(run, v, epsilon, plainChanges(run, v));
  if (plain.error <= epsilon || plain.roundingGap < 0.1 * plain.gap) return plain;
  return certifyWith(run, v, epsilon, preciseChanges(run, v));
}

async function certifyWith(run: Run, v: Float64Array, epsilon: number, changes: Promise<ChoiceChanges>): Promise<Certificate> {
  const { problem } = run;
  const { stateCount, stateChoices } = problem.storage;
  const { difference, error } = await changes;
  const series = seriesUp(problem);
  const tieTolerance = Math.min(series === 0 || series === Infinity ? epsilon : epsilon / (16 * (1 + series)), 1e-9 * Math.max(Number.MIN_VALUE, supNorm(v)));
  const policy = new Int32Array(stateCount).fill(-1);
  const best = new Float64Array(stateCount);
  const chosen = new Float64Array(stateCount);
  const change: Change = { min: problem.ends ? 0 : Infinity, max: problem.ends ? 0 : -Infinity };
  await run.eachSlice((from, to) => {
    for (let s = from; s < to; s++) {
      const first = stateChoices[s]!;
      const end = stateChoices[s + 1]!;
      if (first === end) continue;
      let most = -Infinity;
      for (let c = first; c < end; c++) if (difference[c]! > most) most = difference[c]!;
      let c = first;
      while (difference[c]! < most - tieTolerance) c++;
      policy[s] = c;
      best[s] = most;
      chosen[s] = difference[c]!;
      if (difference[c]! < change.min) change.min = difference[c]!;
      if (most > change.max) change.max = most;
    }
  });
  if (change.min > change.max) change.min = change.max = 0;
  const slack = (d: number) => nextUp(error + UNIT_ROUNDOFF * 1.01 * Math.abs(d));
  const low = nextDown(change.min - slack(change.min));
  const high = nextUp(change.max + slack(change.max));
  const shift = shiftOf(problem, { min: low, max: high });
  const lower = new Float64Array(stateCount);
  const upper = new Float64Array(stateCount);
  const value = new Float64Array(stateCount);
  let gap = 0;
  let worst = 0;
  await run.eachSlice((from, to) => {
    for (let s = from; s < to; s++) {
      if (policy[s]! < 0) continue;
      const below = nextDown(v[s]! + nextDown(nextDown(chosen[s]! - slack(chosen[s]!)) + shift.low));
      const above = nextUp(v[s]! + nextUp(nextUp(best[s]! + slack(best[s]!)) + shift.high));
      const middle = below + 0.5 * (above - below);
      lower[s] = below;
      upper[s] = above;
      value[s] = middle;
      gap = Math.max(gap, above - below);
      worst = Math.max(worst, above - middle, middle - below);
    }
  });
  const rounding = 2 * (error + UNIT_ROUNDOFF * 4 * supNorm(v)) * (1 + series);
  return { lower, upper, value, policy, gap: gap === 0 ? 0 : nextUp(gap), error: worst === 0 ? 0 : nextUp(worst), tieTolerance, roundingGap: rounding };
}
