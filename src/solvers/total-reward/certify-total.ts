// The certificate at discount 1: v is within θ·w of the optimum, w the expected steps to the end along near-optimal choices.
import { nextDown, nextUp, supNorm, UNIT_ROUNDOFF } from "../../numeric/index.ts";
import { allChanges, type ChoiceChanges, plainChanges, preciseChanges } from "../choice-changes.ts";
import type { Problem } from "../problem.ts";
import type { Run } from "../run.ts";
import { canReach, type Predecessors } from "./reachability.ts";
import { expectation, stepWeights } from "./weights.ts";

/** Proven bounds on the nodes of a shortest path problem. */
export interface TotalCertificate {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Ends surely from every node, and its own value lies in the bounds. */
  readonly policy: Int32Array;
  /** At least upper - lower everywhere. */
  readonly gap: number;
  /** At least the distance of the middle from either bound, everywhere. */
  readonly error: number;
  readonly tieTolerance: number;
}

/**
 * Bounds from v, or undefined where none can be shown yet.
 *
 * @remarks Let D = Q - v of each choice. If D(c) <= θ·(w(s) - Σ p w) for every choice, then u = v + θw satisfies Tu <= u, so u is an upper bound: every policy
 *   that ends collects at most u, and the others lose without end. Choices whose D is clearly negative may have w growing along them; the near-optimal ones
 *   must have w falling, which expected steps along them do. The policy takes near-optimal choices only, one step closer to the end each (so that ties cannot
 *   make it run in circles), and v - θ'w is a lower bound on its value in the same way. All inequalities are checked with rounding bounds. Compare Haddad
 *   and Monmege (2018); the weighted norm is that of Bertsekas and Tsitsiklis (1991).
 */
export async function certifyTotal(run: Run, problem: Problem, back: Predecessors, v: Float64Array, epsilon: number): Promise<TotalCertificate | undefined> {
  const plain = await certifyWith(run, problem, back, v, plainChanges(problem, v));
  if (plain !== undefined && plain.error <= epsilon) return plain;
  const precise = await certifyWith(run, problem, back, v, preciseChanges(problem, v));
  if (plain === undefined || precise === undefined) return precise ?? plain;
  return precise.gap < plain.gap ? precise : plain;
}

async function certifyWith(run: Run, problem: Problem, back: Predecessors, v: Float64Array, changes: ChoiceChanges): Promise<TotalCertificate | undefined> {
  const { stateCount, stateChoices, choiceCount } = problem.storage;
  const { error } = changes;
  const difference = await allChanges(run, changes);
  const off = (d: number) => error + UNIT_ROUNDOFF * 1.01 * Math.abs(d);
  let worst = 0;
  for (let s = 0; s < stateCount; s++) {
    let most = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (difference[c]! > most) most = difference[c]!;
    worst = Math.max(worst, Math.abs(most));
  }
  const end = new Uint8Array(stateCount + 1);
  end[stateCount] = 1;
  const near = new Uint8Array(choiceCount);
  // How far below the best a choice may be and still count as near; widened until every inequality holds.
  let tolerance = 4 * (worst + off(worst));
  for (let attempt = 0; attempt < 8; attempt++) {
    for (let c = 0; c < choiceCount; c++) near[c] = difference[c]! >= -tolerance ? 1 : 0;
    const reach = await canReach(problem.storage, back, end, near, run.breathe);
    if (!reach.reached.subarray(0, stateCount).every((flag) => flag === 1)) {
      tolerance *= 16;
      continue;
    }
    const policy = reach.choice;
    const w = await stepWeights(run, problem, near, policy);
    if (w === undefined) return undefined;
    const fit = fitScales(problem, difference, off, policy, w);
    if (fit.feasible) return boundsFrom(problem, v, w, fit, policy, tolerance);
    if (!(fit.needed > tolerance)) return undefined;
    tolerance = fit.needed;
  }
  return undefined;
}

interface Scales {
  readonly up: number;
  readonly down: number;
  readonly feasible: boolean;
  /** The tolerance under which the choice that stood in the way would count as near. */
  readonly needed: number;
}

/** The smallest θ above and below for which all inequalities hold. */
function fitScales(problem: Problem, difference: Float64Array, off: (d: number) => number, policy: Int32Array, w: Float64Array): Scales {
  const { storage, widestRow, mass } = problem;
  const { stateCount, stateChoices } = storage;
  const largest = supNorm(w);
  const wError = 1.01 * ((widestRow + 4) * UNIT_ROUNDOFF * (1 + mass.max) * largest + storage.rounding.probability * largest);
  let up = 0;
  let down = 0;
  let ceiling = Infinity;
  let needed = 0;
  let broken = false;
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const fall = w[s]! - expectation(problem, c, w) - wError;
      const d = nextUp(difference[c]! + off(difference[c]!));
      if (fall > 0) {
        if (d > 0) up = Math.max(up, nextUp(d / fall));
        if (policy[s] === c) {
          const lack = nextUp(-difference[c]! + off(difference[c]!));
          if (lack > 0) down = Math.max(down, nextUp(lack / fall));
        }
      } else if (d >= 0) {
        broken = true;
        needed = Math.max(needed, 2 * Math.abs(difference[c]!) + off(0));
      } else {
        const most = nextDown(-d / -(fall === 0 ? Number.MIN_VALUE : fall));
        if (most < ceiling) {
          ceiling = most;
          if (most < up * 4) needed = Math.max(needed, -2 * difference[c]!);
        }
      }
      if (policy[s] === c && !(fall > 0)) broken = true;
    }
  }
  const feasible = !broken && up <= ceiling;
  if (!feasible && needed === 0) needed = 4 * up * largest;
  return { up, down, feasible, needed: Math.max(needed, feasible ? 0 : 2 * up * largest) };
}

/** The value between two bounds. */
export function middleOf(lower: number, upper: number): number {
  return lower + 0.5 * (upper - lower);
}

function boundsFrom(problem: Problem, v: Float64Array, w: Float64Array, scales: Scales, policy: Int32Array, tieTolerance: number): TotalCertificate {
  const { stateCount } = problem.storage;
  const lower = new Float64Array(stateCount);
  const upper = new Float64Array(stateCount);
  let gap = 0;
  let error = 0;
  for (let s = 0; s < stateCount; s++) {
    lower[s] = scales.down === 0 ? v[s]! : nextDown(v[s]! - nextUp(scales.down * w[s]!));
    upper[s] = scales.up === 0 ? v[s]! : nextUp(v[s]! + nextUp(scales.up * w[s]!));
    gap = Math.max(gap, upper[s]! - lower[s]!);
    const middle = middleOf(lower[s]!, upper[s]!);
    error = Math.max(error, upper[s]! - middle, middle - lower[s]!);
  }
  return { lower, upper, policy, gap: gap === 0 ? 0 : nextUp(gap), error: error === 0 ? 0 : nextUp(error), tieTolerance };
}
