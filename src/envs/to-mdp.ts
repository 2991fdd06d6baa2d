// An environment that knows its own dynamics, as a model that solvers take.
import { UnsupportedModelError } from "../errors.ts";
import { type InitialDistribution, Mdp, MdpBuilder, type Objective } from "../mdp/index.ts";
import type { Env } from "./env.ts";
import { ModelEnv } from "./to-env.ts";

export interface ToMdpOptions {
  /** Default: the environment's own. */
  readonly discount?: number | undefined;
  /** Default: the environment's own. */
  readonly objective?: Objective | undefined;
}

/**
 * The model of an environment that answers `outcomes` for every state and action it offers.
 *
 * @remarks A state that offers no action is terminal. A terminated outcome ends, also where the state it enters has choices of its own.
 *   Step limits (truncation) are no part of the model.
 * @throws UnsupportedModelError without `outcomes`; InvalidModelError where outcomes are no distributions.
 * @example
 * const again = toMdp(toEnv(robot)); // the same model
 */
export function toMdp<S, A>(env: Env<S, A>, options: ToMdpOptions = {}): Mdp<S, A> {
  const discount = options.discount ?? env.discount;
  const objective = options.objective ?? env.objective;
  // Its model is at hand, and adding up outcomes again could round a reward differently.
  if (env instanceof ModelEnv) return new Mdp<S, A>({ ...env.mdp.parts, discount, objective });
  if (env.outcomes === undefined) {
    throw new UnsupportedModelError("the environment has no outcomes(state, action), expected one that knows its probabilities.", {
      hint: "add outcomes to it, or learn from its steps instead, with qLearning(env).",
    });
  }
  const { stateChoices, choiceAction } = env.choices;
  const offers = (s: number): Int32Array => choiceAction.slice(stateChoices[s], stateChoices[s + 1]).sort();
  const isTerminal = (s: number): boolean => stateChoices[s] === stateChoices[s + 1];
  const builder = new MdpBuilder(env.states, env.actions);
  for (let s = 0; s < env.states.size; s++) {
    builder.state();
    if (isTerminal(s)) builder.terminal();
    for (const action of offers(s)) {
      builder.choice(action);
      for (const { next, probability, reward, terminated } of env.outcomes(s, action)) {
        builder.branch(next, probability, reward, terminated && !isTerminal(next));
      }
    }
  }
  return new Mdp<S, A>({
    states: env.states,
    actions: env.actions,
    storage: builder.finish(),
    discount,
    objective,
    initial: startsOf(env),
  });
}

function startsOf<S, A>(env: Env<S, A>): InitialDistribution | undefined {
  if (env.starts === undefined) return undefined;
  return { state: Int32Array.from(env.starts, ([s]) => s), probability: Float64Array.from(env.starts, ([, p]) => p) };
}
