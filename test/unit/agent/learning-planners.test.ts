// Planners that draw and planners that learn, and the fine-tuning set of a solved model.
import { describe, expect, it } from "vitest";
import {
  blockedShield,
  fineTuningLines,
  learnedPlanner,
  type Planner,
  runAgent,
  samplingPlanner,
  scorerPlanner,
  TabularLearner,
} from "../../../src/agent/index.ts";
import { maze, toEnv } from "../../../src/envs/index.ts";
import { NotConvergedError } from "../../../src/errors.ts";
import { gridPrompts, replayScorer, type ScoreRequest, type Scorer, seedMazeRecording } from "../../../src/llm-prior/index.ts";
import { defineMdp, Mdp } from "../../../src/mdp/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { mazeEnv, seedMaze } from "./seed-maze.ts";

const built = maze();
const actions = ["up", "down", "left", "right"];

describe("samplingPlanner", () => {
  const scores: Planner<unknown, unknown> = {
    name: "scores",
    plan: ({ names }) => ({ logProbabilities: names.map((name) => Math.log(name === "right" ? 0.5 : name === "up" ? 0.5 : 0)) }),
  };
  const taken = async (planner: Planner<unknown, unknown>) =>
    (await runAgent({ env: mazeEnv(), planner, memory: { turns: 0 }, budgets: { steps: 100 } })).trace.steps.map((step) => step.action);

  it("draws by the scores, the same for the same seed, more evenly the warmer", async () => {
    const drawn = await taken(samplingPlanner(scores, { seed: 1 }));
    expect(new Set(drawn)).toEqual(new Set(["up", "right"]));
    // Binomial(100, 0.5): five standard deviations are 25.
    expect(Math.abs(drawn.filter((action) => action === "right").length - 50)).toBeLessThan(26);
    expect(await taken(samplingPlanner(scores, { seed: 1 }))).toEqual(drawn);
    expect(await taken(samplingPlanner(scores, { seed: 2 }))).not.toEqual(drawn);
    const skewed: Planner<unknown, unknown> = { ...scores, plan: ({ names }) => ({ logProbabilities: names.map((name) => (name === "right" ? 0 : -1)) }) };
    const rights = async (temperature: number) => (await taken(samplingPlanner(skewed, { temperature }))).filter((action) => action === "right").length;
    expect(await rights(0.1)).toBeGreaterThan(97);
    expect(await rights(100)).toBeLessThan(50);
  });

  it("leaves words, plans and unusable scores alone", async () => {
    const request = { names: actions } as never;
    for (const answer of [
      { text: "right" },
      { plan: ["right"] },
      { logProbabilities: [Number.NaN, 0, 0, 0] },
      { logProbabilities: new Array(4).fill(-Infinity) },
    ])
      expect(await samplingPlanner({ name: "x", plan: () => answer }).plan(request)).toEqual(answer);
    expect(() => samplingPlanner(scores, { temperature: 0 })).toThrow("temperature is 0");
  });
});

describe("learnedPlanner", () => {
  it("asks its adviser while nothing is known, and does without once it has learned", async () => {
    const learner = new TabularLearner(toEnv(built.mdp), { learningRate: 0.5 });
    const scorer = replayScorer(seedMazeRecording);
    let asked = 0;
    const adviser = samplingPlanner(
      await scorerPlanner(
        counting(scorer, () => asked++),
        { actions, task: built.task, examples: gridPrompts.examples },
      ),
      { seed: 3 },
    );
    const episode = async (explore: number, seed: number) =>
      runAgent({
        env: toEnv(built.mdp),
        planner: learnedPlanner(adviser, learner, { explore, seed }),
        perceive: (_, index) => built.describe(index),
        learn: learner,
        budgets: { steps: 150 },
        shield: blockedShield(built.mdp),
      });
    const lengths: number[] = [];
    for (let seed = 0; seed < 15; seed++) lengths.push((await episode(0.1, seed)).steps);
    const before = asked;
    const last = await episode(0, 99);
    expect(last).toMatchObject({ status: "terminated", steps: 6 });
    expect(asked).toBe(before);
    expect(last.trace.header.planner).toMatch(/^learned values, advised by recording of /);
    const mean = (part: readonly number[]) => part.reduce((sum, length) => sum + length, 0) / part.length;
    expect(mean(lengths.slice(-5))).toBeLessThan(mean(lengths.slice(0, 5)));
    expect(() => learnedPlanner(adviser, learner, { explore: 2 })).toThrow("explore is 2");
  });
});

describe("fineTuningLines", () => {
  it("asks about every state once and answers what is certified to be best", async () => {
    const best = await solve(built.mdp);
    const lines = [...fineTuningLines(best, { describe: (_, s) => `cell ${s}: ${built.describe(s)}`, task: built.task })];
    // Walls and the goal offer nothing.
    expect(lines).toHaveLength(10);
    for (const line of lines) {
      expect(line.endsWith("\n")).toBe(true);
      const { messages } = JSON.parse(line) as { messages: { role: string; content: string }[] };
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
      expect(messages[0]?.content).toContain(built.task);
      const state = Number(/^cell (\d+):/.exec(messages[1]?.content ?? "")?.[1]);
      expect(messages[2]?.content).toBe(best.policy.action(state));
    }
  });

  it("writes a line for each of several best actions if asked to, names what is possible, and letters where labels begin alike", async () => {
    const fork = defineMdp({
      states: ["a", "b"],
      actions: ["stay", "step", "go"],
      discount: 0.5,
      initial: "a",
      feasible: (s) => (s === "a" ? ["stay", "step", "go"] : ["stay", "go"]),
      transition: (s) => s,
      reward: (s, action) => (s === "a" && action !== "go" ? 1 : 0),
    });
    const best = await solve(fork);
    const answers = (ties: "first" | "all") =>
      [...fineTuningLines(best, { describe: (s) => `at ${s}`, ties })].map((line) =>
        JSON.parse(line)
          .messages.slice(1)
          .map((m: { content: string }) => m.content),
      );
    expect(answers("first")).toEqual([["at a", "A"]]);
    expect(answers("all")).toEqual([
      ["at a", "A"],
      ["at a", "B"],
    ]);
    const { initial: _, ...parts } = fork.parts;
    const everywhere = await solve(new Mdp(parts));
    expect([...fineTuningLines(everywhere, { describe: () => "at", ties: "first" })][1]).toContain("at; possible: A, C");
  });

  it("writes nothing where nothing is proven", async () => {
    const open = await solve(seedMaze(), { maxSweeps: 1, method: "value-iteration", discount: 0.999999 });
    expect(() => [...fineTuningLines({ ...open, gap: Infinity }, { describe: String })]).toThrow(NotConvergedError);
  });
});

function counting(inner: Scorer, told: () => void): Scorer {
  return {
    ...inner,
    score: (request: ScoreRequest, options) => {
      told();
      return inner.score(request, options);
    },
  };
}
