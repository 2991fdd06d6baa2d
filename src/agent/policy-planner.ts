// A policy as planner: an exact solver's answer, or any other table, instead of a model.
import { Rng, type Seed } from "../numeric/index.ts";
import type { Policy } from "../policies/policy.ts";
import type { Planner } from "./planner.ts";

export interface PolicyPlannerOptions {
  /** Shown in traces. Default "policy". */
  readonly name?: string | undefined;
  /** With a seed actions are drawn from the policy; without one the most probable is taken. */
  readonly seed?: Seed | undefined;
}

/**
 * Answers with the policy's log-probabilities; no model is called. With a seed it answers the action drawn, as a score of 0.
 *
 * @example
 * const best = await solve(maze);
 * await runAgent({ env: toEnv(maze), planner: policyPlanner(best.policy) });
 */
export function policyPlanner<S, A>(policy: Policy<S, A>, options: PolicyPlannerOptions = {}): Planner<S, A> {
  const { name = "policy", seed } = options;
  const rng = seed === undefined ? undefined : new Rng(seed);
  return {
    name,
    usesModel: false,
    plan: ({ state, actions }) => {
      const probabilities = actions.map((action) => policy.probability(state, action));
      if (rng === undefined) return { logProbabilities: probabilities.map(Math.log) };
      const drawn = rng.pick(probabilities);
      return { logProbabilities: probabilities.map((_, i) => (i === drawn ? 0 : Number.NEGATIVE_INFINITY)) };
    },
  };
}
