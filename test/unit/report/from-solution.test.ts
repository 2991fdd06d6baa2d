// From solutions to a report's data: the numbers are the solver's own.
import { describe, expect, it } from "vitest";
import { runAgent, scriptedPlanner } from "../../../src/agent/index.ts";
import { maze, recyclingRobot, toEnv } from "../../../src/envs/index.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import { agentSection, convergenceLine, gridPicture, methodSummary, modelFacts, priorStates, renderReport, valueSection } from "../../../src/report/index.ts";
import { policyIteration, solve, valueIteration } from "../../../src/solvers/index.ts";

const robot = recyclingRobot().mdp;

describe("modelFacts, methodSummary, valueSection", () => {
  it("count the model and name the method", async () => {
    expect(modelFacts(robot)).toEqual({ states: 2, actions: 3, choices: 5, branches: 7, discount: 0.9, objective: "maximize" });
    expect(modelFacts(robot, 0.5).discount).toBe(0.5);
    const best = await policyIteration(robot, { epsilon: 1e-9 });
    expect(methodSummary(best)).toMatchObject({ method: "policy iteration", status: "converged", gap: best.gap, residual: best.residual });
    expect(methodSummary(best, "exact").method).toBe("exact");
    expect(methodSummary(await valueIteration(robot, { order: "gauss-seidel" })).method).toBe("Gauss-Seidel value iteration");
  });

  it("give the published values of the recycling robot, with bounds and actions", async () => {
    const { states, total, method } = valueSection(await solve(robot, { epsilon: 1e-9 }));
    expect(total).toBe(2);
    expect(method).toBe("policy iteration");
    expect(states.map((state) => state.name)).toEqual(["high", "low"]);
    expect(states[0]?.value).toBeCloseTo(2500 / 59, 8);
    expect(states[1]?.value).toBeCloseTo(2250 / 59, 8);
    expect(states.map((state) => state.actions)).toEqual([["search"], ["recharge"]]);
    for (const { lower = 0, value, upper = 0 } of states) expect(lower <= value && value <= upper).toBe(true);
  });

  it("average the value at the start over where episodes start", async () => {
    const two = defineMdp({
      states: ["a", "b"],
      actions: ["stay"],
      discount: 0.5,
      initial: [
        ["a", 0.25],
        ["b", 0.75],
      ],
      transition: (s) => s,
      reward: (s) => (s === "a" ? 1 : 3),
    });
    expect(methodSummary(await solve(two, { epsilon: 1e-12 })).startValue).toBeCloseTo(0.25 * 2 + 0.75 * 6, 10);
    expect(
      methodSummary(await solve(defineMdp({ states: ["a"], actions: ["stay"], discount: 0.5, transition: () => "a", reward: () => 1 }))).startValue,
    ).toBeUndefined();
  });

  it("name all actions that tie, and only the policy's own where nothing is proven", async () => {
    const tie = defineMdp({ states: ["s"], actions: ["x", "y", "z"], discount: 0.5, transition: () => "s", reward: (_, a) => (a === "z" ? 0 : 1) });
    expect(valueSection(await solve(tie)).states[0]?.actions).toEqual(["x", "y"]);
    const unproven = { ...(await solve(tie)), gap: Number.POSITIVE_INFINITY };
    expect(valueSection(unproven).states[0]?.actions).toEqual(["x"]);
  });

  it("keep the first states of a large model", async () => {
    const best = await solve(maze().mdp);
    const section = valueSection(best, { limit: 3 });
    expect(section.states).toHaveLength(3);
    expect(section.total).toBe(16);
    expect(renderReport({ title: "t", value: section, provenance: { version: "0", date: "d" } })).toContain("The first 3 of 16 states as a table");
  });
});

describe("convergenceLine", () => {
  it("ends in the certified gap, and leaves out what evaluates one policy", async () => {
    const slow = await valueIteration(robot, { epsilon: 1e-9 });
    const line = convergenceLine(slow);
    expect(line.name).toBe("value iteration");
    expect([line.x.at(-1), line.y.at(-1)]).toEqual([slow.sweeps, slow.gap]);
    expect(line.x.every((x, i) => i === 0 || x > (line.x[i - 1] ?? 0))).toBe(true);
    const exact = await policyIteration(robot);
    expect(exact.history.some((entry) => entry.stage.startsWith("evaluate"))).toBe(true);
    const marked = convergenceLine(exact).x;
    for (const entry of exact.history.filter((h) => h.stage.startsWith("evaluate") && h.sweep < exact.sweeps)) expect(marked).not.toContain(entry.sweep);
    expect(convergenceLine(exact, "pi", "residual").y.at(-1)).toBe(exact.residual);
  });
});

describe("priorStates, gridPicture, agentSection", () => {
  it("set a prior beside the optimal actions", async () => {
    const best = await solve(robot);
    const prior = Policy.from(policySpace(robot), (state) => (state === "high" ? "search" : "wait"));
    const regret = [0, 4.5];
    expect(priorStates(prior, best, { regret })).toEqual([
      {
        state: 0,
        name: "high",
        regret: 0,
        actions: [
          { action: "search", probability: 1, optimal: true },
          { action: "wait", probability: 0, optimal: false },
        ],
      },
      {
        state: 1,
        name: "low",
        regret: 4.5,
        actions: [
          { action: "search", probability: 0, optimal: false },
          { action: "wait", probability: 1, optimal: false },
          { action: "recharge", probability: 0, optimal: true },
        ],
      },
    ]);
    expect(priorStates(prior, best, { limit: 1 })).toHaveLength(1);
  });

  it("show a plan by scores as shares that sum to 1", async () => {
    const planner = scriptedPlanner([{ logProbabilities: [Number.NEGATIVE_INFINITY, Math.log(1), Math.log(2), Math.log(5)] }]);
    const run = await runAgent({ env: toEnv(maze().mdp), planner, budgets: { steps: 1 } });
    const section = agentSection(run);
    const shares = section.steps[0]?.shares ?? [];
    expect(shares.map((share) => share.action)).toEqual(["up", "down", "left", "right"]);
    for (const [i, p] of [0, 1 / 8, 2 / 8, 5 / 8].entries()) expect(shares[i]?.probability).toBeCloseTo(p, 12);
    // Prompts are not carried into the report.
    expect(JSON.stringify(section)).not.toContain("Answer with one action");
    expect(renderReport({ title: "t", agent: section, provenance: { version: "0", date: "d" } })).toContain("planned right 63 %, left 25 %, down 13 % ");
  });

  it("take a grid and a run as they are", async () => {
    const built = maze();
    if (built.grid === undefined) throw new Error("the maze is a grid");
    const picture = gridPicture(built.grid);
    expect([picture.rows, picture.columns, picture.cells[15]]).toEqual([4, 4, "goal"]);
    const result = await runAgent({ env: toEnv(built.mdp), planner: scriptedPlanner(["right", "right"]), budgets: { steps: 2 } });
    const section = agentSection(result, { name: "script", kind: "rule" });
    expect(section).toMatchObject({ planner: "scripted", status: "max-steps", modelCalls: 2, totalReward: 0, source: { kind: "rule" } });
    expect(section.steps.map((step) => [step.state, step.next, step.answer])).toEqual([
      [0, 1, "right"],
      [1, 2, "right"],
    ]);
  });
});
