// Learning from many environments in step, such as a batch of Gymnasium's: one Q table, one update a transition.
import type { AsyncVectorEnv } from "../envs/index.ts";
import { OptionError } from "../errors.ts";
import type { ChoiceTable } from "../mdp/index.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { type Explorer, epsilonGreedy, greedyPolicy, type Policy } from "../policies/index.ts";
import { type LearnWhileActing, TabularLearner } from "./tabular-learner.ts";

export interface LearnInVectorOptions<S, A> extends LearnWhileActing<S, A> {
  /** Steps of all environments together, rounded up to whole rounds. */
  readonly steps: number;
  /** Default `epsilonGreedy(0.1)`. */
  readonly explore?: Explorer | undefined;
  /** Names the environments' and the explorer's random numbers. Default 0. */
  readonly seed?: Seed | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly steps: number; readonly episodes: number; readonly seconds: number }) => void) | undefined;
}

export interface VectorLearning<S, A> {
  readonly status: "done" | "aborted";
  readonly q: ChoiceTable<S, A>;
  /** Greedy for `q`. */
  readonly policy: Policy<S, A>;
  readonly steps: number;
  readonly episodes: number;
  readonly seconds: number;
}

/**
 * Q-learning (Watkins 1989) in environments that answer in their own time. Where the environment is a model in this process, `qLearning` is faster.
 *
 * @throws OptionError; what the environments throw.
 * @example
 * const learned = await learnInVector(await gymnasiumVector("Taxi-v4", { discount: 0.99 }), { steps: 500_000, seed: 7 });
 */
export async function learnInVector<S, A>(env: AsyncVectorEnv<S, A>, options: LearnInVectorOptions<S, A>): Promise<VectorLearning<S, A>> {
  const { steps: wanted, seed = 0, explore = epsilonGreedy(0.1) } = options;
  if (!(Number.isSafeInteger(wanted) && wanted >= 1)) throw new OptionError("steps", wanted, "a positive integer");
  const learner = new TabularLearner(env, options);
  const { stateChoices, choiceAction } = env.choices;
  const rng = new Rng(`${seed}:explore`);
  const pacer = new Pacer({ signal: options.signal });
  const actions = new Int32Array(env.size);
  const chosen = new Int32Array(env.size);
  // In the order of all choices, of which only the rows looked at are up to date: explorers tell choices by their place.
  const goodness = new Float64Array(choiceAction.length);
  const visits = new Float64Array(choiceAction.length);
  let [steps, episodes] = [0, 0];
  let { state } = await env.reset({ seed });
  while (steps < wanted && !pacer.aborted) {
    for (let i = 0; i < env.size; i++) {
      const from = stateChoices[state[i]!]!;
      const to = stateChoices[state[i]! + 1]!;
      for (let c = from; c < to; c++) goodness[c] = learner.goodness(c);
      chosen[i] = explore.pick(goodness, from, to, rng, steps, visits);
      actions[i] = choiceAction[chosen[i]!]!;
    }
    const step = await env.step(actions);
    for (let i = 0; i < env.size; i++) {
      const ended = step.finalState[i]! >= 0;
      visits[chosen[i]!]!++;
      learner.update(chosen[i]!, step.reward[i]!, ended ? step.finalState[i]! : step.state[i]!, step.terminated[i] === 1);
      if (ended) episodes++;
    }
    steps += env.size;
    state = step.state;
    if (!pacer.due) continue;
    options.onProgress?.({ steps, episodes, seconds: pacer.seconds });
    await pacer.giveWay();
  }
  const policy = greedyPolicy(learner.q, { objective: learner.objective });
  return { status: pacer.aborted ? "aborted" : "done", q: learner.q, policy, steps, episodes, seconds: pacer.seconds };
}
