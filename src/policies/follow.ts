// Following a given policy while learning, whatever Q says.
import type { Explorer } from "./explorer.ts";
import type { Policy } from "./policy.ts";

/**
 * The explorer that draws from a policy: Q-learning behind it learns off-policy, SARSA learns the policy's own Q.
 *
 * @example
 * qLearning(env, { steps: 1e5, explore: follow(Policy.uniform(policySpace(robot))) });
 */
export function follow<S, A>(policy: Policy<S, A>): Explorer {
  const probability = policy.probabilities();
  return {
    name: "follow",
    pick: (_q, from, to, rng) => rng.pick(probability, from, to),
    probabilities: (_q, from, to, _step, out) => out.set(probability.subarray(from, to), from),
  };
}
