// What policies have in common and what they tell of the state: divergence and mutual information, in nats.
import type { Mdp } from "../mdp/index.ts";

/**
 * I(S; A) = H(Ā) - mean H(A|s) with S uniform over `states`: how much an action drawn from the policy tells of the state. `probability` is by choice.
 */
export function mutualInformation<S, A>(mdp: Mdp<S, A>, probability: Float64Array, states: Int32Array): number {
  const { stateChoices, choiceAction } = mdp.storage;
  const overall = new Float64Array(mdp.actionCount);
  let within = 0;
  for (const s of states) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      overall[choiceAction[c]!]! += probability[c]! / states.length;
      within += surprise(probability[c]!) / states.length;
    }
  }
  let entropy = 0;
  for (const p of overall) entropy += surprise(p);
  // Rounding may leave a few units of 1e-16 below 0.
  return Math.max(0, entropy - within);
}

/** The mean over states of KL(p(.|s) ‖ q(.|s)) = Σ p ln(p / q); Infinity where q excludes what p takes. Both by choice. */
export function meanDivergence<S, A>(mdp: Mdp<S, A>, p: Float64Array, q: Float64Array, states: Int32Array): number {
  const { stateChoices } = mdp.storage;
  let total = 0;
  for (const s of states) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (p[c]! > 0) total += p[c]! * Math.log(p[c]! / q[c]!);
  }
  return Math.max(0, total / states.length);
}

/** -p ln p, 0 at 0. */
function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}
