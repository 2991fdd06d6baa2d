// The prior that knows only which moves are blocked: what a language model's advice has to beat.
import { type Mdp, rowOf } from "../mdp/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import { checkFloor, DEFAULT_FLOOR, type Prior, writeRow } from "./prior.ts";

/**
 * C flags, 1 for a blocked choice: its only successor is the state itself. In a state whose choices are all blocked none is flagged,
 * for there is nothing better to do.
 *
 * @example
 * blockedChoices(maze)[maze.choice(0, "up")]; // 1: the top left cell has a wall above
 */
export function blockedChoices<S, A>(mdp: Mdp<S, A>): Uint8Array {
  const { storage } = mdp;
  const { stateChoices, rowBranches, target } = storage;
  const blocked = new Uint8Array(storage.choiceCount);
  for (let s = 0; s < storage.stateCount; s++) {
    let open = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      let stays = true;
      for (let b = rowBranches[row]!; stays && b < rowBranches[row + 1]!; b++) stays = target[b] === s;
      if (stays) blocked[c] = 1;
      else open++;
    }
    if (open === 0) blocked.fill(0, stateChoices[s]!, stateChoices[s + 1]!);
  }
  return blocked;
}

/**
 * Uniform over the choices that are not blocked; blocked ones keep their part of `floor`.
 *
 * @throws OptionError unless 0 < floor < 1.
 */
export function maskedPrior<S, A>(mdp: Mdp<S, A>, options: { readonly floor?: number | undefined } = {}): Prior<S, A> {
  const floor = checkFloor(options.floor ?? DEFAULT_FLOOR);
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const scores = Float64Array.from(blockedChoices(mdp), (flag) => (flag === 1 ? Number.NEGATIVE_INFINITY : 0));
  const probability = new Float64Array(choiceCount);
  for (let s = 0; s < stateCount; s++) writeRow(probability, scores, stateChoices[s]!, stateChoices[s + 1]!, floor);
  return {
    policy: Policy.stochastic(policySpace(mdp), probability),
    method: "mask",
    provenance: "no model: uniform over the moves that are not blocked",
    model: undefined,
    recordedAt: undefined,
    coverage: 1,
    calls: 0,
    cached: 0,
    prompts: 0,
    logProbabilities: undefined,
    leaning: undefined,
    processing: { lengthNormalised: false, calibration: "none", temperature: 1, masked: scores.reduce((count, x) => count + (x === 0 ? 0 : 1), 0), floor },
    notes: [],
  };
}
