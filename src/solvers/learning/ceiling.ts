// How much an episode can be worth at most, read off a model's rewards: what optimism starts from.
import type { Env } from "../../envs/env.ts";
import { Mdp, type Objective, rewardOf, rowOf } from "../../mdp/index.ts";

/** What a model's rewards say about its values, without solving it. In the reward's own sign. */
export interface RewardRange {
  /** No state is worth more (less, when minimising). Infinite where the rewards cannot bound it. */
  readonly ceiling: number;
  /** The best reward of a step that does not end the episode; undefined where every step does. */
  readonly going: number | undefined;
  /** The largest |reward| of any branch. */
  readonly scale: number;
}

/** The model behind an environment, where it has one. */
export function modelOf<S, A>(env: Env<S, A>): Mdp<S, A> | undefined {
  return "mdp" in env && env.mdp instanceof Mdp ? env.mdp : undefined;
}

/**
 * Bounds every value by the rewards alone: Rmax / (1 - γ), or less where branches pay most that end the episode, since an
 * episode ends once.
 *
 * @example
 * rewardRange(maze, 0.99, "maximize"); // { ceiling: 1, going: 0, scale: 1 }: the goal pays 1, nothing else pays
 */
export function rewardRange<S, A>(mdp: Mdp<S, A>, discount: number, objective: Objective): RewardRange {
  const { storage } = mdp;
  const sign = objective === "minimize" ? -1 : 1;
  // The most that a branch pays which goes on, and one which ends the episode.
  let going = -Infinity;
  let ending = 0;
  let scale = 0;
  for (let c = 0; c < storage.choiceCount; c++) {
    const row = rowOf(storage, c);
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      const target = storage.target[b]!;
      const reward = sign * rewardOf(storage, c, b);
      if (target === storage.stateCount || storage.terminal[target] === 1) ending = Math.max(ending, reward);
      else going = Math.max(going, reward);
      scale = Math.max(scale, Math.abs(reward));
    }
  }
  // An episode of losses is worth at most 0: it may end at once.
  const gain = Math.max(0, going);
  const ceiling = Math.min(forever(gain, discount) + ending, forever(Math.max(gain, ending), discount));
  return { ceiling: turned(ceiling, sign), going: going === -Infinity ? undefined : turned(going, sign), scale };
}

/** sign · x, never -0. */
function turned(x: number, sign: number): number {
  return x === 0 ? 0 : sign * x;
}

/** What a reward is worth that is paid at every step for ever. */
function forever(reward: number, discount: number): number {
  return reward === 0 ? 0 : reward / (1 - discount);
}
