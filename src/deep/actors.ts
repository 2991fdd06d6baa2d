// Environments stepped together by one learner: where each stands, what happened, and the episodes that end.
import type { ObservationEnv, ObservationStep } from "../envs/index.ts";
import { EnvProtocolError } from "../errors.ts";
import type { Rng, Seed } from "../numeric/index.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { StepsAhead } from "./steps-ahead.ts";

/** So many episodes in a row that end before their first step are taken for a broken environment. */
const MAX_EMPTY_EPISODES = 1000;

/** E environments, each with the observation it acts on next. */
export class Actors<A> {
  readonly #envs: readonly ObservationEnv<A>[];
  readonly #actions: number;
  readonly #width: number;
  /** E × observationSize numbers: what each acts on next. */
  readonly observations: Float32Array;
  /** E × actions flags; undefined where all actions can always be taken. */
  readonly feasible: Uint8Array | undefined;
  readonly #total: Float64Array;
  readonly #length: Float64Array;
  #ahead: readonly StepsAhead[] = [];
  #scale = 1;
  episodes = 0;
  /** Of the episodes that ended since the window was cleared. */
  readonly window = { episodes: 0, reward: 0, length: 0 };

  constructor(envs: readonly ObservationEnv<A>[], width: number, actions: number, seed: Seed) {
    this.#envs = envs;
    this.#actions = actions;
    this.#width = width;
    this.observations = new Float32Array(envs.length * width);
    this.#total = new Float64Array(envs.length);
    this.#length = new Float64Array(envs.length);
    const first = envs.map((env, e) => env.reset({ seed: `${seed}:env:${e}` }));
    this.feasible = first.some((step) => step.feasible !== undefined) ? new Uint8Array(envs.length * actions).fill(1) : undefined;
    for (const [e, step] of first.entries()) {
      if (step.terminated || step.truncated) this.#begin(e);
      else this.#stand(e, step);
    }
  }

  get size(): number {
    return this.#envs.length;
  }

  /** A feasible action of environment e, all alike. */
  randomAction(e: number, rng: Rng): number {
    if (this.feasible === undefined) return rng.below(this.#actions);
    const mask = this.feasible.subarray(e * this.#actions, (e + 1) * this.#actions);
    let skip = rng.below(mask.reduce((sum, flag) => sum + flag, 0));
    let action = 0;
    while (mask[action] === 0 || skip-- > 0) action++;
    return action;
  }

  /** The best feasible action of environment e by its row of E × actions estimates; the lowest of equals. */
  bestAction(e: number, q: ArrayLike<number>): number {
    const from = e * this.#actions;
    let best = -1;
    for (let a = 0; a < this.#actions; a++) {
      if (this.feasible !== undefined && this.feasible[from + a] === 0) continue;
      if (best < 0 || q[from + a]! > q[from + best]!) best = a;
    }
    return best;
  }

  /** From now on all steps are remembered, their rewards times `scale`, with the rewards of `n` steps added up. */
  remember(replay: ReplayBuffer, n: number, discount: number, scale: number): void {
    this.#scale = scale;
    this.#ahead = this.#envs.map(() => new StepsAhead(replay, this.#width, n, discount));
  }

  /** Takes an action in environment e. */
  step(e: number, action: number): void {
    const env = this.#envs[e];
    if (env === undefined) return;
    const before = this.observations.slice(e * this.#width, (e + 1) * this.#width);
    const step = env.step(action);
    if (!Number.isFinite(step.reward)) throw new EnvProtocolError(`step answered the reward ${step.reward}, expected a finite number.`);
    this.#check(step);
    this.#ahead[e]?.add(before, action, this.#scale * step.reward, step);
    this.#total[e]! += step.reward;
    this.#length[e]! += 1;
    if (!step.terminated && !step.truncated) {
      this.#stand(e, step);
      return;
    }
    this.episodes++;
    this.window.episodes++;
    this.window.reward += this.#total[e]!;
    this.window.length += this.#length[e]!;
    this.#total[e] = 0;
    this.#length[e] = 0;
    this.#begin(e);
  }

  #begin(e: number): void {
    const env = this.#envs[e];
    if (env === undefined) return;
    for (let empty = 0; empty < MAX_EMPTY_EPISODES; empty++) {
      const step = env.reset();
      if (!step.terminated && !step.truncated) {
        this.#stand(e, step);
        return;
      }
    }
    throw new EnvProtocolError(`reset answered an ended episode ${MAX_EMPTY_EPISODES} times in a row, expected one that goes on.`);
  }

  #stand(e: number, step: ObservationStep): void {
    this.#check(step);
    this.observations.set(step.observation, e * this.#width);
    if (this.feasible === undefined) return;
    if (step.feasible === undefined) this.feasible.fill(1, e * this.#actions, (e + 1) * this.#actions);
    else if (!step.feasible.includes(1)) throw new EnvProtocolError("the episode goes on where no action is feasible, expected terminated or truncated there.");
    else this.feasible.set(step.feasible, e * this.#actions);
  }

  #check({ observation }: ObservationStep): void {
    if (observation.length !== this.#width)
      throw new EnvProtocolError(`an observation has ${observation.length} numbers, expected observationSize ${this.#width}.`);
    for (let i = 0; i < observation.length; i++)
      if (!Number.isFinite(observation[i]!)) throw new EnvProtocolError(`observation[${i}] is ${observation[i]}, expected a finite number.`);
  }
}
