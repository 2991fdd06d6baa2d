// A planner that uses what was learned: the learned best where anything is known, else an adviser, who also explores.
import { OptionError } from "../errors.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import type { Planner } from "./planner.ts";
import type { TabularLearner } from "./tabular-learner.ts";

export interface LearnedPlannerOptions {
  /** How often the adviser is asked although something is known. Default 0.1; 0 once training is over. */
  readonly explore?: number | undefined;
  /** Names the draws. Default 0. */
  readonly seed?: Seed | undefined;
}

/**
 * Takes the action learned best; where all of a state's learned values are still equal, and now and then elsewhere, asks the adviser (a language model, a recording).
 * So advice guides the first episodes and is needed less and less.
 *
 * @throws OptionError unless explore is from 0 to 1.
 * @example
 * const learner = new TabularLearner(env);
 * await runAgent({ env, planner: learnedPlanner(adviser, learner), learn: learner });
 */
export function learnedPlanner<S, A>(adviser: Planner<S, A>, learner: TabularLearner<S, A>, options: LearnedPlannerOptions = {}): Planner<S, A> {
  const { explore = 0.1, seed = 0 } = options;
  if (!(explore >= 0 && explore <= 1)) throw new OptionError("explore", explore, "a number from 0 to 1");
  const rng = new Rng(`${seed}:explore`);
  return {
    ...adviser,
    name: `learned values, advised by ${adviser.name}`,
    plan: async (request) => {
      const values = request.actions.map((action) => learner.valueOf(request.state, action));
      const known = values.some((value) => value !== values[0]);
      if (!known || rng.chance(explore)) return adviser.plan(request);
      const best = Math.max(...values);
      return { logProbabilities: values.map((value) => (value === best ? 0 : Number.NEGATIVE_INFINITY)), modelCalls: 0 };
    },
  };
}
