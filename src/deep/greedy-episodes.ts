// Episodes played by a network's greedy policy, in an environment of their own.
import type { ObservationEnv } from "../envs/index.ts";
import { OptionError } from "../errors.ts";
import type { Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { QNetwork } from "./q-network.ts";

export interface GreedyEpisodesOptions {
  /** Default 100. */
  readonly episodes?: number | undefined;
  /** Names the environment's random numbers. Default 0: the same episodes each time. */
  readonly seed?: Seed | undefined;
  /** Default 1: returns are plain sums of rewards. */
  readonly discount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the episodes came to. */
export interface GreedyEpisodes {
  /** The return of each episode. */
  readonly returns: Float64Array;
  readonly meanReturn: number;
}

/**
 * Plays whole episodes by the best action of a network; with a step limit in the environment, since a greedy policy may run in circles.
 *
 * @throws OptionError; the signal's reason where aborted.
 * @example
 * (await greedyEpisodes(cartPole(), network, { episodes: 100, seed: "test" })).meanReturn; // at most 500
 */
export async function greedyEpisodes<A>(env: ObservationEnv<A>, network: QNetwork, options: GreedyEpisodesOptions = {}): Promise<GreedyEpisodes> {
  const { episodes = 100, seed = 0, discount = 1 } = options;
  if (!(Number.isSafeInteger(episodes) && episodes >= 1)) throw new OptionError("episodes", episodes, "a positive integer");
  const pacer = new Pacer({ signal: options.signal });
  const returns = new Float64Array(episodes);
  for (let k = 0; k < episodes; k++) {
    let step = env.reset(k === 0 ? { seed } : {});
    let weight = 1;
    while (!step.terminated && !step.truncated) {
      step = env.step(network.best(step.observation, step.feasible));
      returns[k]! += weight * step.reward;
      weight *= discount;
      await pacer.tick();
    }
  }
  return { returns, meanReturn: returns.reduce((sum, x) => sum + x, 0) / episodes };
}
