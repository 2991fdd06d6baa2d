// Between what numbers every discounted return lies: as the caller knows it, else as a model's rewards tell.
import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import type { Objective } from "../../mdp/index.ts";
import { modelOf, rewardRange } from "./ceiling.ts";

/** Bounds of the discounted return from any state, in the reward's own sign. */
export type ReturnBounds = readonly [low: number, high: number];

/**
 * The bounds given, else those of the model behind the environment.
 *
 * @param where what the option is called in messages.
 * @throws OptionError for bounds that are not finite or not in order, and where there is nothing to read them from.
 */
export function returnBounds<S, A>(env: Env<S, A>, given: ReturnBounds | undefined, discount: number, where: string): ReturnBounds {
  const bounds = given ?? boundsOfModel(env, discount);
  if (bounds === undefined) {
    throw new OptionError(where, undefined, "bounds of the discounted return", "the environment has no model to read them from: pass returns: [low, high].");
  }
  const [low, high] = bounds;
  if (!(low < high && low > -Infinity && high < Infinity)) {
    throw new OptionError(
      where,
      `${low} to ${high}`,
      "two finite numbers, the lower first",
      given === undefined ? "the rewards alone do not bound the returns, or are all 0: pass returns: [low, high]." : undefined,
    );
  }
  return bounds;
}

/** The same bounds for rewards turned so that larger is better. */
export function orientedBounds([low, high]: ReturnBounds, objective: Objective): ReturnBounds {
  return objective === "minimize" ? [-high, -low] : [low, high];
}

function boundsOfModel<S, A>(env: Env<S, A>, discount: number): ReturnBounds | undefined {
  const model = modelOf(env);
  return model && [rewardRange(model, discount, "minimize").ceiling, rewardRange(model, discount, "maximize").ceiling];
}
