// What a state offers: its feasible actions with their names, indices, and what has been learned of them.
import type { Env } from "../envs/env.ts";
import type { TabularLearner } from "./tabular-learner.ts";

/** One feasible action of the current state. */
export interface Offer<A> {
  readonly action: A;
  /** As text: what prompts show and answers may name. */
  readonly name: string;
  /** The action's index in the environment. */
  readonly index: number;
  /** The choice's index. */
  readonly choice: number;
  /** Its learned value, higher is better under either objective; 0 without learning. */
  readonly goodness: number;
}

/** The offers of a state index, in choice order. */
export function offersOf<S, A>(env: Pick<Env<S, A>, "actions" | "choices">, state: number, learner: TabularLearner<S, A> | undefined): Offer<A>[] {
  const { stateChoices, choiceAction } = env.choices;
  const offers: Offer<A>[] = [];
  for (let choice = stateChoices[state]!; choice < stateChoices[state + 1]!; choice++) {
    const index = choiceAction[choice]!;
    offers.push({
      action: env.actions.at(index),
      name: env.actions.name(index),
      index,
      choice,
      goodness: learner === undefined ? 0 : learner.goodness(choice),
    });
  }
  return offers;
}

/** The offer learned best, the first of equals. */
export function bestOffer<A>(offers: readonly Offer<A>[]): Offer<A> | undefined {
  let best: Offer<A> | undefined;
  for (const offer of offers) if (best === undefined || offer.goodness > best.goodness) best = offer;
  return best;
}
