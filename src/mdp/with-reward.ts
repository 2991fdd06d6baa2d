// The same transition kernel under another reward: nothing but C numbers is new.
import { ShapeError } from "../errors.ts";
import { IssueList, placeOf } from "./issues.ts";
import { Mdp } from "./mdp.ts";

/**
 * The model with expected rewards R(s,a) replaced; the transition arrays are shared with the original.
 *
 * @param reward C numbers in choice order, or a function of state and action labels.
 * @throws ShapeError unless one number a choice; InvalidModelError naming every choice whose number is not finite.
 * @example
 * const cheaper = withReward(robot, (s, a) => (a === "search" ? 2 : 0));
 */
export function withReward<S, A>(mdp: Mdp<S, A>, reward: Float64Array | ((state: S, action: A) => number)): Mdp<S, A> {
  const { storage, states, actions } = mdp;
  if (typeof reward !== "function" && reward.length !== storage.choiceCount) {
    throw new ShapeError(`reward has ${reward.length} entries, expected ${storage.choiceCount}, one a choice.`);
  }
  const values = new Float64Array(storage.choiceCount);
  const issues = new IssueList();
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const action = storage.choiceAction[c]!;
      const value = typeof reward === "function" ? reward(states.at(s), actions.at(action)) : reward[c]!;
      if (!Number.isFinite(value)) issues.add(placeOf(states, actions, s, action), `has reward ${value}`, "a finite number");
      values[c] = value;
    }
  }
  issues.throwIfAny();
  return new Mdp<S, A>({ ...mdp.parts, storage: { ...storage, reward: values, branchReward: undefined, rounding: { ...storage.rounding, reward: 0 } } });
}
