// The advice that is measured: right in a set share of states, harmful, uninformed, and what a real model answered when it was recorded.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { frozenLake, maze } from "../../src/envs/index.ts";
import { elicitPrior, gridPrompts, readRecording, replayScorer, syntheticScorer, uniformOverOptimal } from "../../src/llm-prior/index.ts";
import type { Label } from "../../src/mdp/index.ts";
import { Rng } from "../../src/numeric/index.ts";
import { Policy, policySpace } from "../../src/policies/index.ts";
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

export const SOURCES: readonly Source[] = [
  ...QUALITIES.map((quality) => ({ name: `${100 * quality}% right`, quality, make: (problem: Problem, seed: number) => synthetic(problem, quality, seed) })),
  { name: "harmful: the worst action everywhere", quality: undefined, make: async (problem) => harmful(problem) },
  { name: "shuffled: 95% right, but each state has another's", quality: undefined, make: async (problem, seed) => shuffled(problem, seed) },
  { name: "uniform", quality: undefined, make: async ({ builtIn }) => Policy.uniform(policySpace(builtIn.mdp)) },
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

/** 0.9 on the action of least Q*. */
function harmful({ builtIn, exact }: Problem): Policy<Label, Label> {
  const { mdp } = builtIn;
  return Policy.from(policySpace(mdp), (state) => {
    const ranked = mdp.feasibleActions(state).toSorted((a, b) => exact.q.at(state, a) - exact.q.at(state, b));
    return ranked.map((action, i) => [action, ranked.length === 1 ? 1 : i === 0 ? 0.9 : 0.1 / (ranked.length - 1)] as const);
  });
}

/** The rows of good advice, each given to another state with as many choices: as sure as good advice, and as right as chance. */
async function shuffled(problem: Problem, seed: number): Promise<Policy<Label, Label>> {
  const good = (await synthetic(problem, 0.95, seed)).probabilities();
  const { mdp } = problem.builtIn;
  const { stateChoices, stateCount } = mdp.storage;
  const rng = new Rng(`shuffled:${seed}`);
  const width = (s: number) => stateChoices[s + 1]! - stateChoices[s]!;
  const from = Array.from({ length: stateCount }, (_, s) => s);
  for (let s = stateCount - 1; s > 0; s--) {
    const other = rng.below(s + 1);
    if (width(from[s]!) === width(from[other]!)) [from[s], from[other]] = [from[other]!, from[s]!];
  }
  const probability = new Float64Array(good.length);
  for (const [s, source] of from.entries())
    if (width(s) > 0) probability.set(good.subarray(stateChoices[source]!, stateChoices[source + 1]!), stateChoices[s]!);
  return Policy.stochastic(policySpace(mdp), probability);
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
