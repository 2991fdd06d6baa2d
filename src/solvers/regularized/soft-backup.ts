// The soft Bellman operator with a reference policy: one sweep of it, with a bound on what rounding did, exp and log included.
import { OptionError, ShapeError } from "../../errors.ts";
import type { Change } from "../../kernels/index.ts";
import { nextUp, supNorm, UNIT_ROUNDOFF } from "../../numeric/index.ts";
import type { Policy } from "../../policies/policy.ts";
import { ChoiceRoom } from "../choice-changes.ts";
import { backupError, type Problem } from "../problem.ts";
import type { Run } from "../run.ts";

/**
 * How far off Math.exp and Math.log may be, in units of relative roundoff: four units in the last place. ECMAScript promises nothing; every engine's
 * are within one (fdlibm's bound), and a test holds this one's against exact series.
 */
const LIBRARY_ERROR = 8;

/** Reference probabilities between 0 and this underflow in products with exponentials, where relative error bounds end. */
const LEAST_PROBABILITY = 2 ** -900;

/** C reference probabilities, the float64 numbers as given. */
export type Reference = Float64Array;

/** @throws ShapeError where the policy is another model's; OptionError for a probability that is positive and below 2^-900. */
export function referenceOf<S, A>(problem: Problem, policy: Policy<S, A>): Reference {
  const { choiceCount, stateCount } = problem.storage;
  const probability = policy.probabilities();
  if (probability.length !== choiceCount || policy.space.states.size !== stateCount)
    throw new ShapeError(
      `reference is for ${policy.space.states.size} states and ${probability.length} choices, expected the model's ${stateCount} and ${choiceCount}.`,
    );
  const tiny = probability.find((p) => p > 0 && p < LEAST_PROBABILITY);
  if (tiny !== undefined) throw new OptionError("reference", tiny, "probabilities that are 0 or at least 2^-900", "such a choice is never taken: give it 0.");
  return probability;
}

/** What one sweep found. */
export interface SoftSweep {
  /** Of new - old, over all states. */
  readonly change: Change;
  /** How far each new value may be from the exact T_τ v, at most. */
  readonly error: number;
}

/**
 * out(s) = T_τ v(s) = τ ln Σ_a ρ(a|s) exp(Q_v(s,a) / τ), with Q_v = R + γ Σ p v: the value of the best π(.|s) under Σ π Q_v - τ KL(π ‖ ρ).
 *
 * @remarks Rounding, with u the unit roundoff. The operator does not expand sup distances in Q, so an error of each Q by e moves it by e at most: that covers
 *   the backup, and Q - m and its division by τ, which are off by 2u relatively, as if Q - m were. Each exponential is off by LIBRARY_ERROR·u
 *   relatively, its product with ρ by u, a sum of n positive terms by (n - 1)u; together that moves ln by (n + LIBRARY_ERROR)·u. Then ln, the product
 *   with τ and the sum with m round themselves. Terms that underflow are below 2^-1074 beside a sum of at least 2^-900.
 */
export async function softSweep(run: Run, reference: Reference, temperature: number, v: Float64Array, out: Float64Array): Promise<SoftSweep> {
  const { problem } = run;
  const { stateChoices } = problem.storage;
  const room = new ChoiceRoom(problem);
  const change: Change = { min: Infinity, max: -Infinity };
  const backup = backupError(problem, supNorm(v));
  let worst = 0;
  await run.eachSlice((from, to) => {
    const q = room.for(from, to);
    problem.kernel.q(v, q, from, to);
    const offset = stateChoices[from]!;
    for (let s = from; s < to; s++) {
      const first = stateChoices[s]!;
      const end = stateChoices[s + 1]!;
      if (first === end) {
        change.min = Math.min(change.min, 0);
        change.max = Math.max(change.max, 0);
        continue;
      }
      let most = -Infinity;
      let least = Infinity;
      for (let c = first; c < end; c++) {
        if (reference[c] === 0) continue;
        most = Math.max(most, q[c - offset]!);
        least = Math.min(least, q[c - offset]!);
      }
      let total = 0;
      for (let c = first; c < end; c++) if (reference[c]! > 0) total += reference[c]! * Math.exp((q[c - offset]! - most) / temperature);
      const log = Math.log(total);
      const soft = most + temperature * log;
      const inSum = temperature * (end - first + LIBRARY_ERROR);
      worst = Math.max(worst, 2 * (most - least) + inSum + (LIBRARY_ERROR + 1) * Math.abs(temperature * log) + Math.abs(soft));
      const d = soft - v[s]!;
      if (d < change.min) change.min = d;
      if (d > change.max) change.max = d;
      out[s] = soft;
    }
  });
  run.sweeps++;
  if (change.min > change.max) change.min = change.max = 0;
  return { change, error: nextUp(backup + 1.02 * UNIT_ROUNDOFF * worst) };
}

/** π(a|s) = ρ(a|s) exp((Q_v(s,a) - T_τ v(s)) / τ) of every choice, each row normalised. */
export function softPolicyOf(problem: Problem, reference: Reference, temperature: number, v: Float64Array): Float64Array {
  const { stateChoices, stateCount, choiceCount } = problem.storage;
  const q = new Float64Array(choiceCount);
  problem.kernel.q(v, q, 0, stateCount);
  const probability = new Float64Array(choiceCount);
  for (let s = 0; s < stateCount; s++) {
    let most = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (reference[c]! > 0 && q[c]! > most) most = q[c]!;
    let total = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      probability[c] = reference[c] === 0 ? 0 : reference[c]! * Math.exp((q[c]! - most) / temperature);
      total += probability[c]!;
    }
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) probability[c]! /= total;
  }
  return probability;
}
