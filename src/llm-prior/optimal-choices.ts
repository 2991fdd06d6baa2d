// Which choices a certified solution calls optimal, and the policy that takes them all alike.
import { NotConvergedError } from "../errors.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import type { Solution } from "../solvers/index.ts";

/**
 * C flags, 1 where Q of the choice is within the certified tolerance of its state's best.
 *
 * @remarks `q` is one backup of a value that lies within half the gap of V*, so each Q is within gap/2 of Q* (and rounding), and two
 *   choices that truly tie are at most a gap apart. So none that is optimal is missed; one that is worse by less than two gaps may be taken for optimal.
 * @throws NotConvergedError where the gap is not finite: nothing tells optimal choices then.
 */
export function optimalChoices<S, A>(solution: Solution<S, A>): Uint8Array {
  const { mdp, q, gap, tieTolerance, objective, status } = solution;
  if (!(gap < Infinity)) {
    throw new NotConvergedError(`the solution has status ${status} and gap ${gap}, expected finite bounds to tell optimal actions by.`, {
      hint: "solve again with more sweeps or time.",
    });
  }
  const sign = objective === "minimize" ? -1 : 1;
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const optimal = new Uint8Array(choiceCount);
  for (let s = 0; s < stateCount; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    let best = Number.NEGATIVE_INFINITY;
    for (let c = from; c < to; c++) best = Math.max(best, sign * q.array[c]!);
    // The margin covers the rounding of the backups themselves.
    const tolerance = Math.max(gap, tieTolerance) + (Number.isFinite(best) ? 64 * Number.EPSILON * Math.abs(best) : 0);
    for (let c = from; c < to; c++) if (sign * q.array[c]! >= best - tolerance) optimal[c] = 1;
  }
  return optimal;
}

/**
 * In each state every optimal choice with equal probability: what ties leave open, stated as a policy.
 *
 * @throws NotConvergedError where the solution's gap is not finite.
 */
export function uniformOverOptimal<S, A>(solution: Solution<S, A>): Policy<S, A> {
  const { stateChoices, stateCount } = solution.mdp.storage;
  const optimal = optimalChoices(solution);
  const probability = new Float64Array(optimal.length);
  for (let s = 0; s < stateCount; s++) {
    let count = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) count += optimal[c]!;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) probability[c] = optimal[c]! / count;
  }
  return Policy.stochastic(policySpace(solution.mdp), probability);
}
