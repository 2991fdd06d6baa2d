// Scoring a learner by playing its greedy policy, in an environment of its own so that learning is not disturbed.
import type { Env } from "../../envs/env.ts";
import { simulate } from "../../envs/simulate.ts";
import type { Seed } from "../../numeric/index.ts";
import type { LearnSnapshot } from "./options.ts";

export interface RolloutOptions {
  /** Default 10. */
  readonly episodes?: number | undefined;
  /** The same episodes at every look, so that scores compare. Default 0. */
  readonly seed?: Seed | undefined;
  /** Default 1: the plain sum of rewards. */
  readonly discount?: number | undefined;
}

/**
 * An evaluation for `evaluate.run`: the mean return of the greedy policy.
 *
 * @param env another environment than the one learned in; with a step limit, since a greedy policy may run in circles.
 * @example
 * await qLearning(env, { steps: 1e5, evaluate: { every: 1000, run: greedyRollouts(toEnv(maze, { maxSteps: 100 }), { episodes: 20 }) } });
 */
export function greedyRollouts<S, A>(env: Env<S, A>, options: RolloutOptions = {}): (snapshot: LearnSnapshot<S, A>) => Promise<number> {
  const { episodes = 10, seed = 0, discount = 1 } = options;
  return async ({ policy }) => (await simulate(env, policy, { episodes, seed, discount })).meanReturn;
}
