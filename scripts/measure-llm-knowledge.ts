// What a small real model knows of mazes and FrozenLake: by processing, from recordings; by describer, asked now.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuiltIn, frozenLake } from "../src/envs/index.ts";
import {
  compareToOptimal,
  decisionStates,
  describeCoordinates,
  describeFeatures,
  describeMap,
  describeNeighbours,
  type ElicitOptions,
  elicitPrior,
  examplesFromSolution,
  gridPrompts,
  MemoryCache,
  maskedPrior,
  readRecording,
  replayScorer,
} from "../src/llm-prior/index.ts";
import type { Label } from "../src/mdp/index.ts";
import { Policy, policySpace } from "../src/policies/index.ts";
import { solve } from "../src/solvers/index.ts";
import { llmFolder } from "./llama-library.ts";
import { localModel } from "./llm-agreement.ts";
import { MODEL_FILE } from "./measure-llm-providers.ts";
import { solvableMaze } from "./random-maze.ts";
import { ROOT } from "./source-files.ts";

/** Means over the models asked about. */
export interface Row {
  readonly name: string;
  readonly agreement: number;
  readonly massOnOptimal: number;
  readonly mutualInformation: number;
  readonly logLoss: number;
  /** Mean regret of following it, as a share of the best value at the start. */
  readonly regret: number;
}

export interface MeasuredKnowledge {
  readonly model: string;
  readonly mazes: number;
  readonly sides: string;
  readonly mazeRows: readonly Row[];
  readonly lakes: number;
  readonly lakeRows: readonly Row[];
}

export interface MeasuredDescribers {
  readonly model: string;
  readonly mazes: number;
  readonly states: number;
  readonly rows: readonly (Row & { readonly prompts: number; readonly secondsPerPrompt: number; readonly coverage: number })[];
}

type Options = Omit<ElicitOptions<Label>, "scorer">;

/** Ways of processing the same answers. */
const PROCESSING: readonly (readonly [string, Options])[] = [
  ["model, calibrated and masked", gridPrompts],
  ["model, calibrated", { ...gridPrompts, mask: false }],
  ["model, masked", { ...gridPrompts, calibrate: "none" }],
  ["model as it answers", { ...gridPrompts, calibrate: "none", mask: false }],
  ["calibrated and masked, temperature 0.5", { ...gridPrompts, temperature: 0.5 }],
];

const MAZES = 30;

export async function measureKnowledge(): Promise<MeasuredKnowledge> {
  const sides = [4, 5, 6, 7, 8];
  const mazes = await Promise.all(Array.from({ length: MAZES }, (_, i) => solvableMaze(`held out ${i}`, sides[i % sides.length] ?? 4)));
  const lakes = [frozenLake(), frozenLake({ map: "8x8" })];
  const recordings = { maze: recordingOf("maze"), lake: recordingOf("frozen-lake") };
  return {
    model: recordings.maze.model,
    mazes: mazes.length,
    sides: "4x4 to 8x8",
    mazeRows: await rowsOf(mazes, recordings.maze),
    lakes: lakes.length,
    lakeRows: await rowsOf(lakes, recordings.lake),
  };
}

async function rowsOf(problems: readonly BuiltIn[], recording: ReturnType<typeof recordingOf>): Promise<Row[]> {
  const rows: Row[] = [];
  const scorer = replayScorer(recording);
  for (const [name, options] of PROCESSING) {
    rows.push(await rowOf(name, problems, async ({ mdp, describe, task }) => (await elicitPrior(mdp, { ...options, scorer, describe, task })).policy));
  }
  rows.push(await rowOf("no model: feasible moves alike", problems, async ({ mdp }) => maskedPrior(mdp).policy));
  rows.push(await rowOf("no model: all moves alike", problems, async ({ mdp }) => Policy.uniform(policySpace(mdp))));
  return rows;
}

async function rowOf(name: string, problems: readonly BuiltIn[], priorOf: (problem: BuiltIn) => Promise<Policy<Label, Label>>): Promise<Row> {
  const sum = { agreement: 0, massOnOptimal: 0, mutualInformation: 0, logLoss: 0, regret: 0 };
  for (const problem of problems) {
    const best = await solve(problem.mdp, { epsilon: 1e-9 });
    const { agreement, massOnOptimal, mutualInformation, logLoss, regret, states } = await compareToOptimal(problem.mdp, await priorOf(problem), best);
    const start = problem.mdp.initial?.state[0] ?? 0;
    const atStart = regret.perState[states.indexOf(start)] ?? Number.NaN;
    const share = { agreement, massOnOptimal, mutualInformation, logLoss, regret: atStart / best.value.array[start]! };
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += share[key] / problems.length;
  }
  return { name, ...sum };
}

function recordingOf(kind: string) {
  return readRecording(JSON.parse(readFileSync(join(ROOT, `bench/recordings/smollm2-135m-${kind}.json`), "utf8")));
}

/** `keep` is called after each describer with what is measured so far: some take minutes. */
export async function measureDescribers(keep: (measured: MeasuredDescribers) => void): Promise<void> {
  const problems = [await solvableMaze("described 0", 4), await solvableMaze("described 1", 4)];
  const teacher = await solvableMaze("teacher 0", 5);
  const scorer = await localModel(join(llmFolder(), MODEL_FILE), true);
  const grid = (problem: BuiltIn) => problem.grid ?? neverWithoutGrid();
  const describers: readonly (readonly [string, (problem: BuiltIn) => (state: number) => string])[] = [
    ["features, no examples", ({ describe }) => describe],
    ["features", ({ describe }) => describe],
    [
      "neighbours",
      ({ mdp }) =>
        (state) =>
          describeNeighbours(mdp)(state, mdp.states.at(state)),
    ],
    ["coordinates", (problem) => describeCoordinates(grid(problem))],
    ["map", (problem) => describeMap(grid(problem))],
    ["own function: steps to the goal", (problem) => stepsToGoal(grid(problem))],
  ];
  const rows: MeasuredDescribers["rows"][number][] = [];
  const { model } = await scorer.info();
  let states = 0;
  for (const problem of problems) states += decisionStates(problem.mdp).length;
  for (const [name, describerOf] of describers) {
    const cache = new MemoryCache();
    let [prompts, coverage] = [0, 0];
    const began = performance.now();
    const row = await rowOf(name, problems, async (problem) => {
      const best = await solve(teacher.mdp);
      const examples = name.endsWith("no examples")
        ? []
        : name === "features"
          ? gridPrompts.examples
          : examplesFromSolution(best, describerOf(teacher), { perAction: 2 });
      const prior = await elicitPrior(problem.mdp, {
        scorer,
        cache,
        describe: describerOf(problem),
        task: problem.task,
        examples,
        mask: "blocked",
        concurrency: 1,
      });
      prompts += prior.calls;
      coverage += prior.coverage / problems.length;
      return prior.policy;
    });
    rows.push({ ...row, prompts, coverage, secondsPerPrompt: (performance.now() - began) / 1000 / prompts });
    keep({ model, mazes: problems.length, states, rows });
  }
  await scorer.dispose();
}

/** `2 down, 1 right`: a describer of one's own. */
function stepsToGoal(layout: NonNullable<BuiltIn["grid"]>): (state: number) => string {
  const goal = layout.statesOf("goal")[0] ?? 0;
  return (state) => {
    const [down, right] = [layout.rowOf(goal) - layout.rowOf(state), layout.columnOf(goal) - layout.columnOf(state)];
    const way = (steps: number, words: readonly [string, string]) => (steps === 0 ? [] : [`${Math.abs(steps)} ${steps > 0 ? words[0] : words[1]}`]);
    return describeFeatures(() => ({ "the goal is": [...way(down, ["down", "up"]), ...way(right, ["right", "left"])] }))(state, state);
  };
}

function neverWithoutGrid(): never {
  throw new Error("a maze has a grid");
}
