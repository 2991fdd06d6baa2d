// A planner whose scores are taken as probabilities: an action is drawn by them instead of the best one taken, so that it does not repeat itself for ever.
import { OptionError } from "../errors.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import type { Planner } from "./planner.ts";

export interface SamplingPlannerOptions {
  /** Names the draws. Default 0. */
  readonly seed?: Seed | undefined;
  /** Below 1 the best are preferred more than they are by themselves, above 1 less. Default 1. */
  readonly temperature?: number | undefined;
}

/**
 * Draws from what a planner scores; its answers in text and its plans are left as they are.
 *
 * @throws OptionError unless temperature > 0.
 * @example
 * samplingPlanner(await scorerPlanner(scorer, { actions }), { seed: 7 });
 */
export function samplingPlanner<S, A>(inner: Planner<S, A>, options: SamplingPlannerOptions = {}): Planner<S, A> {
  const { seed = 0, temperature = 1 } = options;
  if (!(temperature > 0 && temperature < Infinity)) throw new OptionError("temperature", temperature, "a positive number");
  const rng = new Rng(`${seed}:planner`);
  return {
    ...inner,
    plan: async (request) => {
      const answer = await inner.plan(request);
      if (!("logProbabilities" in answer)) return answer;
      const most = Math.max(...answer.logProbabilities);
      // Unusable scores are left to whoever asked: they are told and asked again.
      if (!Number.isFinite(most)) return answer;
      const weights = answer.logProbabilities.map((score) => Math.exp((score - most) / temperature));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const drawn = rng.pick(weights.map((weight) => weight / total));
      return { ...answer, logProbabilities: answer.logProbabilities.map((_, i) => (i === drawn ? 0 : Number.NEGATIVE_INFINITY)) };
    },
  };
}
