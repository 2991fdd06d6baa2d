// The planners that come with mdpkit: exact policies, scorers (synthetic, recorded), text generators, scripts.
import { describe, expect, it } from "vitest";
import { blockedShield, composePrompt, leaningOf, policyPlanner, runAgent, scorerPlanner, scriptedPlanner, textPlanner } from "../../../src/agent/index.ts";
import { maze, toEnv } from "../../../src/envs/index.ts";
import { elicitPrior } from "../../../src/llm-prior/elicit-prior.ts";
import { syntheticScorer } from "../../../src/llm-prior/providers/synthetic.ts";
import { recordScorer, replayScorer } from "../../../src/llm-prior/recording.ts";
import { logSoftmax, type ScoreRequest, type Scorer } from "../../../src/llm-prior/scorer.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import { solve } from "../../../src/solvers/index.ts";
import { type Move, mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

const built = maze();
const names = ["up", "down", "left", "right"];

const shield = blockedShield(built.mdp);
/** The ways that are open, and the cell, so that every prompt differs. */
const describeOpen = (state: number): string =>
  `cell ${state}; open: ${names.filter((name) => built.mdp.isTerminal(state) || shield.blocks(state, name) === undefined).join(", ")}`;

/** Stands for a model behind a server: it reads the features and leans to "left". */
function fakeServer(): Scorer & { readonly asked: ScoreRequest[] } {
  const asked: ScoreRequest[] = [];
  return {
    asked,
    info: async () => ({ source: "server", model: "toy" }),
    score: async (request) => {
      asked.push(request);
      const features = request.prompt.messages.at(-1)?.content ?? "";
      const open = features.split("open: ")[1] ?? "";
      const scores = request.actions.map((action) => (open.includes(action) ? 0 : -4) + (action === "left" ? 3 : 0));
      return { logProbabilities: logSoftmax(scores), coverage: 1, method: "logprobs", floored: 0, calls: 1 };
    },
  };
}

describe("policyPlanner", () => {
  it("takes the most probable action, or draws with a seed", async () => {
    const model = seedMaze();
    const policy = Policy.from<number, Move>(policySpace(model), () => [
      ["right", 0.5],
      ["up", 0.3],
      ["left", 0.2],
    ]);
    const greedy = await runAgent({ env: mazeEnv(), planner: policyPlanner(policy), budgets: { steps: 3 } });
    expect(greedy.trace.steps.map((step) => step.action)).toEqual(["right", "right", "right"]);
    const drawn = async (seed: number) =>
      (await runAgent({ env: mazeEnv(), planner: policyPlanner(policy, { seed, name: "drawn" }), budgets: { steps: 200 } })).trace;
    const trace = await drawn(1);
    expect(trace.header.planner).toBe("drawn");
    const count = (action: string) => trace.steps.filter((step) => step.action === action).length;
    expect(count("down")).toBe(0);
    // Binomial(200, 0.5): five standard deviations are 35.
    expect(Math.abs(count("right") - 100)).toBeLessThan(36);
    expect((await drawn(1)).steps.map((step) => step.action)).toEqual(trace.steps.map((step) => step.action));
  });
});

describe("scorerPlanner", () => {
  it("is named after its source and follows a scorer that is always right", async () => {
    const best = await solve(built.mdp);
    const planner = await scorerPlanner(syntheticScorer({ reference: best.policy, quality: 1 }), { actions: names });
    expect(planner.name).toBe("synthetic: right with probability 1, seed 1");
    const result = await runAgent({ env: toEnv(built.mdp), planner });
    expect(result).toMatchObject({ status: "terminated", steps: 6 });
  });

  it("asks the very prompts of elicitPrior, so that a recording answers, and is called a recording", async () => {
    const options = { task: built.task, examples: [{ features: "goal: 1 right; open: right, up", action: "right" }] };
    const recorder = recordScorer(fakeServer());
    const prior = await elicitPrior(built.mdp, { scorer: recorder, describe: (state) => describeOpen(state), ...options });
    const planner = await scorerPlanner(replayScorer(recorder.recording()), { actions: names, ...options });
    expect(planner.name).toMatch(/^recording of toy made \d{4}-\d\d-\d\d$/);
    const result = await runAgent({ env: toEnv(built.mdp), planner, perceive: (_, index) => describeOpen(index), budgets: { steps: 4 } });
    expect(result.trace.end.spent.modelCalls).toBe(0);
    const first = result.trace.steps[0];
    expect(first?.calls[0]?.scores).toEqual([...(prior.logProbabilities?.row(0).values() ?? [])]);
    expect(first?.calls[0]?.prompt).toContain(JSON.stringify(built.task).slice(1, 40));
  });

  it("takes a model's leaning away", async () => {
    const scorer = fakeServer();
    const prior = await elicitPrior(built.mdp, { scorer, describe: (state) => describeOpen(state), calibrate: "none" });
    const table = prior.logProbabilities;
    if (table === undefined) throw new Error("a scorer was asked");
    const leaning = leaningOf(table);
    expect(leaning).toHaveLength(4);
    expect(leaning[2]).toBe(Math.max(...leaning));
    const options = { actions: names };
    const run = async (planner: Awaited<ReturnType<typeof scorerPlanner>>) =>
      (await runAgent({ env: toEnv(built.mdp), planner, perceive: (_, index) => describeOpen(index), budgets: { steps: 1 } })).trace.steps[0]?.action;
    // At the start only "right" is open, but the model leans to "left" by 3 nats against 4.
    expect(await run(await scorerPlanner(scorer, options))).toBe("right");
    const skewed: Scorer = {
      info: scorer.info,
      score: async (request) => ({
        ...(await scorer.score(request)),
        logProbabilities: logSoftmax(request.actions.map((a) => (a === "left" ? 9 : a === "right" ? 1 : 0))),
      }),
    };
    expect(await run(await scorerPlanner(skewed, options))).toBe("left");
    expect(await run(await scorerPlanner(skewed, { ...options, leaning: [0, 0, 9, 0] }))).toBe("right");
  });

  it("sends a prompt stage's text as one message, and asks nothing where there is one choice", async () => {
    const scorer = fakeServer();
    const planner = await scorerPlanner(scorer, { actions: names });
    await runAgent({ env: mazeEnv(), planner, prompt: composePrompt, task: "Out!", budgets: { steps: 1 } });
    expect(scorer.asked[0]?.prompt.messages).toHaveLength(1);
    expect(scorer.asked[0]?.prompt.messages[0]?.content).toMatch(/^Out!\n/);
    const before = scorer.asked.length;
    expect(
      await planner.plan({
        prompt: "",
        observation: "",
        state: 0,
        index: 0,
        actions: ["up"],
        names: ["up"],
        history: [],
        signal: new AbortController().signal,
      }),
    ).toEqual({ logProbabilities: [0], modelCalls: 0 });
    expect(scorer.asked).toHaveLength(before);
  });
});

describe("textPlanner and scriptedPlanner", () => {
  it("passes prompt, names and signal to the generator", async () => {
    const planner = textPlanner(async (prompt, { names: offered, signal }) => {
      expect(prompt).toContain("Actions: up, down, left, right");
      expect(signal.aborted).toBe(false);
      return offered[3] ?? "";
    });
    const { trace } = await runAgent({ env: mazeEnv(), planner, budgets: { steps: 1 } });
    expect(trace.header.planner).toBe("text");
    expect(trace.steps[0]?.action).toBe("right");
  });

  it("says when a script is at its end", async () => {
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST.slice(0, 2)) });
    expect(result).toMatchObject({ status: "planner-failed", steps: 2 });
    expect(result.trace.end.failure).toEqual({
      code: "option",
      message: "the number of questions to scriptedPlanner is 3, expected at most 2, one an answer.",
    });
  });
});
