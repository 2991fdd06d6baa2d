// The Markov chain that a policy induces, as a model with a single action.
import { arrivalOf, LabelIndex, Mdp, MdpBuilder, rowOf, SUM_TOLERANCE } from "../mdp/index.ts";
import { CompensatedSum, UNIT_ROUNDOFF } from "../numeric/index.ts";
import type { Policy } from "../policies/policy.ts";

/** The one action of an induced chain. */
export type Follow = "follow";

/**
 * The Markov chain of a policy: the same states, one action, successors and rewards averaged over the policy.
 *
 * @remarks P_π(s'|s) = Σ_a π(a|s) P(s'|s,a); r_π(s) = Σ_a π(a|s) R(s,a). Puterman (1994), section 5.6. What averaging rounds is kept with the model, so bounds
 *   computed from it still hold for the policy.
 * @example
 * const chain = inducedChain(robot, Policy.uniform(policySpace(robot)));
 * chain.branches("high", "follow");
 */
export function inducedChain<S, A>(mdp: Mdp<S, A>, policy: Policy<S, A>): Mdp<S, Follow> {
  const { storage } = mdp;
  const { stateCount, stateChoices, rowBranches, target, probability } = storage;
  const weights = policy.probabilities();
  const actions = LabelIndex.list<Follow>("action", ["follow"]);
  // Model and policy may both sum to 1 only within the tolerance: their product within a little over twice that.
  const builder = new MdpBuilder(mdp.states, actions, { sumTolerance: 3 * SUM_TOLERANCE });
  const reward = new CompensatedSum();
  let rewardRounding = 0;
  let probabilityRounding = 0;
  for (let s = 0; s < stateCount; s++) {
    builder.state();
    if (stateChoices[s] === stateChoices[s + 1]) {
      builder.terminal();
      continue;
    }
    reward.reset();
    let size = 0;
    let rows = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      if (weights[c] === 0) continue;
      reward.addProduct(weights[c]!, storage.reward[c]!);
      size += weights[c]! * Math.abs(storage.reward[c]!);
      rows++;
    }
    builder.choice(0, reward.value);
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      if (weights[c] === 0) continue;
      const row = rowOf(storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
        builder.branch(arrivalOf(storage, b), weights[c]! * probability[b]!, undefined, target[b] === stateCount);
      }
    }
    rewardRounding = Math.max(rewardRounding, (1 + rows * rows * UNIT_ROUNDOFF * 8) * 2 * UNIT_ROUNDOFF * size + storage.rounding.reward);
    if (rows > 1 || weights[stateChoices[s]!] !== 1) probabilityRounding = Math.max(probabilityRounding, 2 * UNIT_ROUNDOFF);
  }
  const built = builder.finish();
  const rounding = {
    reward: Math.max(built.rounding.reward, rewardRounding),
    probability: built.rounding.probability + storage.rounding.probability + probabilityRounding,
  };
  return new Mdp<S, Follow>({
    states: mdp.states,
    actions,
    storage: { ...built, rounding },
    objective: mdp.objective,
    discount: mdp.discount,
    initial: mdp.initial,
  });
}
