// An agent's policy as the shield lets it act: a policy of the guarded process.
import { Policy, policySpace } from "../policies/policy.ts";
import type { GuardedProcess, GuardedState } from "./guarded-process.ts";

/**
 * An agent's policy behind the shield: in each guarded state its probabilities over the allowed actions, in proportion; a policy that wants none of them takes
 * the careful action. Deterministic policies take their most probable allowed action (lowest index on a tie), as `runAgent` does with scores.
 *
 * @param ranked `true`: only the most probable allowed action is taken. Default false.
 * @example
 * const agent = guardedPolicy(guarded, prior.policy);
 * (await evaluatePolicy(guarded.mdp, agent)).bounds; // what the agent earns behind the shield, with bounds
 */
export function guardedPolicy<S, A>(
  guarded: GuardedProcess<S, A>,
  policy: Policy<S, A>,
  options: { readonly ranked?: boolean | undefined } = {},
): Policy<GuardedState<S>, A> {
  const { mdp, choiceOf, stateOf, shield } = guarded;
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const wanted = policy.probabilities();
  const { careful } = shield.rules.bounds;
  const probability = new Float64Array(choiceCount);
  for (let i = 0; i < stateCount; i++) {
    let total = 0;
    let best = -1;
    for (let k = stateChoices[i]!; k < stateChoices[i + 1]!; k++) {
      const p = wanted[choiceOf[k]!]!;
      total += p;
      if (p > 0 && (best < 0 || p > wanted[choiceOf[best]!]!)) best = k;
    }
    for (let k = stateChoices[i]!; k < stateChoices[i + 1]!; k++) {
      if (total === 0) probability[k] = choiceOf[k] === careful[stateOf[i]!] ? 1 : 0;
      else if (options.ranked === true) probability[k] = k === best ? 1 : 0;
      else probability[k] = wanted[choiceOf[k]!]! / total;
    }
  }
  return Policy.stochastic(policySpace(mdp), probability);
}
