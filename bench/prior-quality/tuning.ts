// The learner's schedule, tuned without any prior, and then the prior's weight: both on mazes that are not reported.
import type { Problem } from "./environments.ts";
import { isGood, SOURCES } from "./priors.ts";
import { episodesNeeded, type Schedule } from "./runs.ts";
import { geometricMean, mean, ratioOfMeans } from "./statistics.ts";

const RATES = [10, 30, 60, 100] as const;
const EPSILONS = [0, 0.02, 0.05, 0.1] as const;
const WEIGHTS = [1, 2, 3, 3.5, 4, 4.5, 5] as const;
/** A maze is harmed where the whole interval of its ratio lies above this. */
export const HARM = 1.1;

export interface TunedSchedule extends Schedule {
  /** The geometric mean over environments of the mean episodes needed. */
  readonly episodes: number;
}

export interface TunedWeight {
  readonly weight: number;
  /** Geometric means over environments of the ratios to no prior, by source. */
  readonly ratios: Readonly<Record<string, number>>;
  /** How many intervals, one a tuning maze and source, lie wholly above 1.1. */
  readonly harmed: number;
}

/** Every schedule tried, the best first: what the learner needs without a prior. */
export async function tuneSchedule(problems: readonly Problem[], seeds: readonly number[]): Promise<readonly TunedSchedule[]> {
  const tried: TunedSchedule[] = [];
  for (const rate of RATES)
    for (const epsilon of EPSILONS) {
      const schedule = { rate, epsilon };
      const means: number[] = [];
      for (const problem of problems) means.push(mean(await eachSeed(seeds, (seed) => episodesNeeded(problem, schedule, seed))));
      tried.push({ ...schedule, episodes: geometricMean(means) });
    }
  return tried.toSorted((a, b) => a.episodes - b.episodes);
}

/**
 * Every weight tried, the chosen one first: that which shortens learning most where the advice is good, among those whose advice of any kind, the worst
 * included, lengthens it in no geometric mean and surely on no maze.
 */
export async function tuneWeight(problems: readonly Problem[], schedule: Schedule, seeds: readonly number[]): Promise<readonly TunedWeight[]> {
  const controls = new Map<Problem, readonly number[]>();
  for (const problem of problems) controls.set(problem, await eachSeed(seeds, (seed) => episodesNeeded(problem, schedule, seed)));
  const tried: TunedWeight[] = [];
  for (const weight of WEIGHTS) {
    const ratios: Record<string, number> = {};
    let harmed = 0;
    for (const source of SOURCES) {
      const found: number[] = [];
      for (const [problem, control] of controls) {
        const runs = await eachSeed(seeds, async (seed) => {
          const prior = await source.make(problem, seed);
          return prior === undefined ? Number.NaN : episodesNeeded(problem, schedule, seed, { prior, weight });
        });
        if (runs.some(Number.isNaN)) continue;
        const { ratio, low } = ratioOfMeans(runs, control, `${problem.name}:${source.name}:${weight}`);
        found.push(ratio);
        if (low > HARM) harmed++;
      }
      if (found.length > 0) ratios[source.name] = geometricMean(found);
    }
    tried.push({ weight, ratios, harmed });
  }
  return tried.toSorted((a, b) => Number(harms(a)) - Number(harms(b)) || onGood(a) - onGood(b));
}

function harms({ ratios, harmed }: TunedWeight): boolean {
  return harmed > 0 || Object.values(ratios).some((ratio) => ratio > 1);
}

function onGood({ ratios }: TunedWeight): number {
  return geometricMean(SOURCES.filter(isGood).map(({ name }) => ratios[name] ?? Number.NaN));
}

/** One run a seed, in their order. */
export async function eachSeed(seeds: readonly number[], run: (seed: number) => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (const seed of seeds) figures.push(await run(seed));
  return figures;
}
