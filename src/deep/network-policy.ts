// A network's greedy policy over a model's states: a table, whose worth can be proven.
import type { StateFeatures } from "../envs/index.ts";
import { ShapeError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { Policy, policySpace } from "../policies/index.ts";
import type { QNetwork } from "./q-network.ts";

/**
 * The greedy policy of a network, state by state: what it is worth, `evaluatePolicy` answers with bounds, though the network has none.
 *
 * @param features those the network was trained on.
 * @throws ShapeError where the network takes other features or has other actions.
 * @example
 * const { value, bounds } = await evaluatePolicy(mdp, networkPolicy(mdp, features, network));
 */
export function networkPolicy<S, A>(mdp: Mdp<S, A>, features: StateFeatures, network: QNetwork): Policy<S, A> {
  if (network.actionCount !== mdp.actionCount) throw new ShapeError(`the network has ${network.actionCount} actions, expected the model's ${mdp.actionCount}.`);
  const { stateCount, stateChoices, choiceAction } = mdp.storage;
  const observation = new Float32Array(features.size);
  const feasible = new Uint8Array(mdp.actionCount);
  const choice = new Int32Array(stateCount).fill(-1);
  for (let s = 0; s < stateCount; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    if (from === to) continue;
    features.write(s, observation, 0);
    feasible.fill(0);
    for (let c = from; c < to; c++) feasible[choiceAction[c]!] = 1;
    choice[s] = from + choiceAction.subarray(from, to).indexOf(network.best(observation, feasible));
  }
  return Policy.deterministic(policySpace(mdp), choice);
}
