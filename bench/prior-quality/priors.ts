// The advice that is measured: right in a set share of states, harmful, uninformed, and what a real model answered when it was recorded.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { frozenLake, maze } from "../../src/envs/index.ts";
import { baselines, elicitPrior, gridPrompts, readRecording, replayScorer, syntheticScorer, uniformOverOptimal } from "../../src/llm-prior/index.ts";
import type { Label } from "../../src/mdp/index.ts";
import type { Policy } from "../../src/policies/index.ts";
import { BENCH } from "../model-files.ts";
import type { Problem } from "./environments.ts";

/** A kind of advice; each seed of a synthetic one draws another prior of its quality. */
export interface Source {
  readonly name: string;
  /** The share of states it favours a right action in, where that is set. */
  readonly quality: number | undefined;
  readonly make: (problem: Problem, seed: number) => Promise<Policy<Label, Label> | undefined>;
}

const QUALITIES = [0.95, 0.9, 0.8, 0.6, 0.4, 0] as const;

const BASELINES = [
  ["harmful", "harmful: the worst action everywhere"],
  ["shuffled", "shuffled: 95% right, but each state has another's"],
  ["heuristic", "heuristic: towards the goal"],
  ["feasible only", "feasible only"],
  ["uniform", "uniform"],
] as const;

export const SOURCES: readonly Source[] = [
  ...QUALITIES.map((quality) => ({ name: `${100 * quality}% right`, quality, make: (problem: Problem, seed: number) => synthetic(problem, quality, seed) })),
  ...BASELINES.map(([name, shown]) => ({ name: shown, quality: undefined, make: (problem: Problem, seed: number) => baseline(problem, name, seed) })),
  { name: "SmolLM2-135M, recorded", quality: undefined, make: recorded },
];

/** The sources good enough that the advice should halve the learning. */
export function isGood({ quality }: Source): boolean {
  return quality !== undefined && quality >= 0.8;
}

/** 0.9 on an action that is optimal with probability `quality`, else on one that is not; the others share the rest. */
async function synthetic({ builtIn, exact }: Problem, quality: number, seed: number): Promise<Policy<Label, Label>> {
  const scorer = syntheticScorer({ reference: uniformOverOptimal(exact), quality, seed });
  return (await elicitPrior(builtIn.mdp, { scorer })).policy;
}

/** A baseline of `mdpkit compare`, by its name; the shuffled one is 95% advice dealt out by the seed. */
async function baseline(problem: Problem, name: string, seed: number): Promise<Policy<Label, Label>> {
  const { builtIn, exact } = problem;
  const good = await synthetic(problem, 0.95, seed);
  const [policy] = baselines(builtIn.mdp, exact, good, { grid: builtIn.grid, seeds: [seed] }).find((b) => b.name === name)?.policies ?? [];
  if (policy === undefined) throw new Error(`there is no baseline called ${name}`);
  return policy;
}

const known = new WeakMap<Problem, Promise<Policy<Label, Label> | undefined>>();

/** What the model answered, by the mazes' and the lake's own words; undefined where this checkout has no recording. Always the same advice, whatever the seed. */
function recorded(problem: Problem): Promise<Policy<Label, Label> | undefined> {
  const policy = known.get(problem) ?? replayed(problem);
  known.set(problem, policy);
  return policy;
}

async function replayed({ family, builtIn }: Problem): Promise<Policy<Label, Label> | undefined> {
  const file = join(BENCH, "recordings", `smollm2-135m-${family}.json`);
  if (!existsSync(file)) return undefined;
  const scorer = replayScorer(readRecording(JSON.parse(readFileSync(file, "utf8"))));
  // The recording was asked in the words of the maze that does not slip.
  const { task } = family === "maze" ? maze() : frozenLake();
  return (await elicitPrior(builtIn.mdp, { scorer, describe: builtIn.describe, task, ...gridPrompts })).policy;
}
