// A policy played in many environments in step, the choices of all of them made between two steps.
import { OptionError, ShapeError } from "../errors.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { Policy } from "../policies/index.ts";
import type { AsyncVectorEnv } from "./async-env.ts";
import { checkLimit } from "./option-checks.ts";

export interface PlayVectorOptions {
  /** Stop once every environment has finished this many episodes. At least one of `episodes` and `steps` is needed. */
  readonly episodes?: number | undefined;
  /** Stop after this many steps, all environments together (rounded up to whole rounds). */
  readonly steps?: number | undefined;
  /** Names the environments' random numbers, and a stochastic policy's. Default 0. */
  readonly seed?: Seed | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One finished episode. */
export interface PlayedEpisode {
  readonly reward: number;
  readonly length: number;
  readonly truncated: boolean;
}

export interface VectorPlay {
  readonly status: "done" | "aborted";
  /** Each environment's finished episodes, in order. */
  readonly episodes: readonly (readonly PlayedEpisode[])[];
  /** Steps of all environments together. */
  readonly steps: number;
  readonly seconds: number;
}

/**
 * Plays a policy. With `episodes` the first so many of every environment count, so that slow ones weigh as much as fast ones.
 *
 * @throws OptionError without a limit; ShapeError for a policy of another model; what the environments throw.
 * @example
 * const { episodes } = await playVector(toVectorEnv(robot, 64, { maxSteps: 200 }), best.policy, { episodes: 10 });
 * episodes[3]?.[0]?.reward; // the first episode of the fourth environment
 */
export async function playVector<S, A>(env: AsyncVectorEnv<S, A>, policy: Policy<S, A>, options: PlayVectorOptions): Promise<VectorPlay> {
  const wanted = checkLimit("episodes", options.episodes);
  const mostSteps = checkLimit("steps", options.steps);
  if (wanted === Infinity && mostSteps === Infinity) throw new OptionError("playVector(episodes, steps)", undefined, "a limit on one of them");
  const { choiceAction } = env.choices;
  if (policy.space.states.size !== env.states.size || policy.space.choices.choiceAction.length !== choiceAction.length)
    throw new ShapeError(
      `policy is for ${policy.space.states.size} states and ${policy.space.choices.choiceAction.length} choices, expected the environments' ${env.states.size} and ${choiceAction.length}.`,
    );
  const seed = options.seed ?? 0;
  const rng = new Rng(`${seed}:policy`);
  const pacer = new Pacer({ signal: options.signal });
  const count = env.size;
  const actions = new Int32Array(count);
  const reward = new Float64Array(count);
  const length = new Int32Array(count);
  const finished: PlayedEpisode[][] = Array.from({ length: count }, () => []);
  let unfinished = count;
  let steps = 0;
  let { state } = await env.reset({ seed });
  while (unfinished > 0 && steps < mostSteps && !pacer.aborted) {
    for (let i = 0; i < count; i++) actions[i] = choiceAction[policy.sampleAt(state[i]!, rng)]!;
    const step = await env.step(actions);
    steps += count;
    for (let i = 0; i < count; i++) {
      reward[i]! += step.reward[i]!;
      length[i]!++;
      if (step.finalState[i]! < 0) continue;
      const episodes = finished[i];
      if (episodes !== undefined && episodes.length < wanted) {
        episodes.push({ reward: reward[i]!, length: length[i]!, truncated: step.truncated[i] === 1 && step.terminated[i] === 0 });
        if (episodes.length === wanted) unfinished--;
      }
      reward[i] = 0;
      length[i] = 0;
    }
    state = step.state;
    if (pacer.due) await pacer.giveWay();
  }
  return { status: pacer.aborted ? "aborted" : "done", episodes: finished, steps, seconds: pacer.seconds };
}
