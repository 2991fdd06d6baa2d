// The same learner over many seeds: how its episodes go, and how many it takes until its greedy policy is as good as asked.
import type { Env } from "../../envs/env.ts";
import type { Seed } from "../../numeric/index.ts";
import type { Policy } from "../../policies/index.ts";
import { checkCount, type LearnOptions, type LearnResult, type LearnStatus } from "./options.ts";
import { qLearning } from "./q-learning.ts";
import { type Spread, spread } from "./spread.ts";

/** What a learner is told, but for what these runs decide themselves. */
export interface SeededOptions<S, A> extends Omit<LearnOptions<S, A>, "steps" | "episodes" | "seed" | "resume" | "evaluate" | "onProgress"> {
  /** The seeds, or how many: then 0, 1, ... */
  readonly seeds: number | readonly Seed[];
  /** A run ends after this many episodes. */
  readonly maxEpisodes: number;
  /** And after this many steps. Default 10,000 an episode. */
  readonly maxSteps?: number | undefined;
  /** Default `qLearning`. */
  readonly learner?: ((env: Env<S, A>, options: LearnOptions<S, A>) => Promise<LearnResult<S, A>>) | undefined;
  /** Called after each run. */
  readonly onRun?: ((done: number, total: number) => void) | undefined;
}

export interface EpisodesToOptimalOptions<S, A> extends SeededOptions<S, A> {
  /** The policy must stay optimal for this many episodes, counting the first. Default 10. */
  readonly stay?: number | undefined;
}

export interface EpisodesToOptimal {
  readonly status: LearnStatus;
  /** Episodes until the greedy policy was optimal to stay; Infinity in a run where it never was. */
  readonly episodes: Spread;
  /** Steps until then. */
  readonly steps: Spread;
  /** How many runs got there. */
  readonly reached: number;
  readonly runs: readonly { readonly seed: Seed; readonly episodes: number; readonly steps: number }[];
}

/**
 * Counts episodes until the greedy policy is optimal, and stays so for a while, over many seeds.
 *
 * @param isOptimal what counts: asked after every episode with the policy greedy for Q.
 * @example
 * const plain = await episodesToOptimal(env, { seeds: 20, maxEpisodes: 500 }, reachesGoalIn(6));
 * const seeded = await episodesToOptimal(env, { seeds: 20, maxEpisodes: 500, prior }, reachesGoalIn(6));
 * plain.episodes.median - seeded.episodes.median; // episodes saved
 */
export async function episodesToOptimal<S, A>(
  env: Env<S, A>,
  options: EpisodesToOptimalOptions<S, A>,
  isOptimal: (policy: Policy<S, A>) => boolean,
): Promise<EpisodesToOptimal> {
  const stay = checkCount("stay", options.stay ?? 10, 1);
  const runs: { seed: Seed; episodes: number; steps: number }[] = [];
  let status: LearnStatus = "done";
  await eachSeed(options, async (seed, learner, rest) => {
    let streak = 0;
    let episodes = Infinity;
    let steps = Infinity;
    const result = await learner(env, {
      ...rest,
      seed,
      evaluate: {
        every: 1,
        per: "episode",
        until: (entry, snapshot) => {
          if (!isOptimal(snapshot.policy)) streak = 0;
          else if (streak++ === 0) ({ episodes, steps } = entry);
          return streak >= stay;
        },
      },
    });
    if (result.status === "aborted") status = "aborted";
    else runs.push(streak >= stay ? { seed, episodes, steps } : { seed, episodes: Infinity, steps: Infinity });
    return result.status;
  });
  return {
    status,
    episodes: spread(runs.map((run) => run.episodes)),
    steps: spread(runs.map((run) => run.steps)),
    reached: runs.filter((run) => run.episodes < Infinity).length,
    runs,
  };
}

/** One point of a curve over seeds. */
export interface CurvePoint {
  readonly episode: number;
  /** The sum of the rewards of an episode, undiscounted; the mean since the last point. */
  readonly reward: Spread;
  /** Its length in steps. */
  readonly length: Spread;
}

export interface LearningCurveOptions<S, A> extends SeededOptions<S, A> {
  /** A point every so many episodes. Default 1. */
  readonly every?: number | undefined;
}

/**
 * How the episodes go while learning, over many seeds: the points of a learning curve with its range.
 *
 * @remarks A point is made of the runs that got so far; stopped early by its signal, the curve holds the whole runs.
 * @example
 * for (const { episode, length } of await learningCurve(env, { seeds: 20, maxEpisodes: 100 })) console.log(episode, length.median);
 */
export async function learningCurve<S, A>(env: Env<S, A>, options: LearningCurveOptions<S, A>): Promise<CurvePoint[]> {
  const every = checkCount("every", options.every ?? 1, 1);
  const points = new Map<number, { reward: number[]; length: number[] }>();
  await eachSeed(options, async (seed, learner, rest) => {
    const { history, status } = await learner(env, { ...rest, seed, evaluate: { every, per: "episode" } });
    if (status === "aborted") return status;
    for (const { episodes, episodeReward, episodeLength } of history) {
      if (episodeReward === null || episodeLength === null) continue;
      const point = points.get(episodes) ?? { reward: [], length: [] };
      point.reward.push(episodeReward);
      point.length.push(episodeLength);
      points.set(episodes, point);
    }
    return status;
  });
  return [...points].sort(([a], [b]) => a - b).map(([episode, { reward, length }]) => ({ episode, reward: spread(reward), length: spread(length) }));
}

type Learner<S, A> = (env: Env<S, A>, options: LearnOptions<S, A>) => Promise<LearnResult<S, A>>;

/** Steps a run may take where only its episodes are limited. */
const STEPS_PER_EPISODE = 10_000;

/** Runs seed after seed until one is aborted. */
async function eachSeed<S, A>(
  options: SeededOptions<S, A>,
  run: (seed: Seed, learner: Learner<S, A>, rest: LearnOptions<S, A>) => Promise<LearnStatus>,
): Promise<void> {
  const { seeds: given, maxEpisodes, maxSteps, learner = qLearning, onRun, ...rest } = options;
  const seeds = typeof given === "number" ? Array.from({ length: checkCount("seeds", given, 1) }, (_, i) => i) : given;
  const episodes = checkCount("maxEpisodes", maxEpisodes, 1);
  const steps = maxSteps ?? STEPS_PER_EPISODE * episodes;
  for (const [done, seed] of seeds.entries()) {
    if ((await run(seed, learner, { ...rest, steps, episodes })) === "aborted") return;
    onRun?.(done + 1, seeds.length);
  }
}
