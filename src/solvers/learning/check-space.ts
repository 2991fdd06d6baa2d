// Whether a policy from outside is one of the environment at hand.
import type { Env } from "../../envs/env.ts";
import { ShapeError } from "../../errors.ts";
import type { Policy } from "../../policies/index.ts";

/** @throws ShapeError unless the policy is over the environment's choices. */
export function checkSpace<S, A>(env: Env<S, A>, policy: Policy<S, A>, where = "policy"): void {
  const { stateChoices, choiceAction } = policy.space.choices;
  const own = env.choices;
  if (own === policy.space.choices) return;
  const same =
    stateChoices.length === own.stateChoices.length &&
    choiceAction.length === own.choiceAction.length &&
    own.stateChoices.every((c, s) => c === stateChoices[s]) &&
    own.choiceAction.every((a, c) => a === choiceAction[c]);
  if (!same) {
    throw new ShapeError(
      `${where} is for ${stateChoices.length - 1} states and ${choiceAction.length} choices, expected the environment's ${own.stateChoices.length - 1} and ${own.choiceAction.length}, the same actions in each state.`,
    );
  }
}
