// An environment over numbered states, seen through features.
import type { LabelIndex, Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import type { Env, Step } from "./env.ts";
import type { StateFeatures } from "./features.ts";
import type { ObservationEnv, ObservationStep } from "./observation-env.ts";

/**
 * The environment as one of observations: each state index is shown as its features, with the actions it offers.
 *
 * @example
 * const { mdp } = makeBuiltIn("maze");
 * const env = withFeatures(toEnv(mdp, { maxSteps: 100 }), oneHotParts([4, 4], (s) => [Math.floor(s / 4), s % 4]));
 * env.reset({ seed: 1 }).observation.length; // 8
 */
export function withFeatures<S, A>(env: Env<S, A>, features: StateFeatures): ObservationEnv<A> {
  return new FeatureEnv(env, features);
}

/** What each step fills in anew. */
type Answer = { -readonly [Key in keyof ObservationStep]: ObservationStep[Key] };

class FeatureEnv<S, A> implements ObservationEnv<A> {
  readonly observationSize: number;
  readonly actions: LabelIndex<A>;
  readonly discount: number | undefined;
  readonly objective: Objective | undefined;
  readonly #env: Env<S, A>;
  readonly #features: StateFeatures;
  readonly #feasible: Uint8Array;
  readonly #answer: Answer;

  constructor(env: Env<S, A>, features: StateFeatures) {
    this.observationSize = features.size;
    this.actions = env.actions;
    this.discount = env.discount;
    this.objective = env.objective;
    this.#env = env;
    this.#features = features;
    this.#feasible = new Uint8Array(env.actions.size);
    this.#answer = { observation: new Float32Array(features.size), reward: 0, terminated: false, truncated: false };
    // Where every state that goes on offers everything, no mask is shown.
    const { stateChoices } = env.choices;
    for (let s = 0; s < env.states.size; s++) {
      const offered = stateChoices[s + 1]! - stateChoices[s]!;
      if (offered > 0 && offered < env.actions.size) this.#answer.feasible = this.#feasible;
    }
  }

  reset(options: { readonly seed?: Seed | undefined } = {}): ObservationStep {
    return this.#show(this.#env.reset(options.seed === undefined ? {} : { seed: options.seed }));
  }

  step(action: number): ObservationStep {
    return this.#show(this.#env.step(action));
  }

  #show(step: Step): ObservationStep {
    const answer = this.#answer;
    this.#features.write(step.state, answer.observation, 0);
    answer.reward = step.reward;
    answer.terminated = step.terminated;
    answer.truncated = step.truncated;
    if (answer.feasible !== undefined) {
      const { stateChoices, choiceAction } = this.#env.choices;
      this.#feasible.fill(0);
      for (let c = stateChoices[step.state]!; c < stateChoices[step.state + 1]!; c++) this.#feasible[choiceAction[c]!] = 1;
    }
    return answer;
  }
}
