// Shields: what they block, that a blocked action is reported and replaced, and that no shield fails open.
import { describe, expect, it } from "vitest";
import { allShields, blockedShield, harmModel, harmShield, listShield, runAgent, type Shield, scriptedPlanner, valueShield } from "../../../src/agent/index.ts";
import { frozenLake, toEnv } from "../../../src/envs/index.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { solve, valueIteration } from "../../../src/solvers/index.ts";
import { type Move, mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

describe("a shield in the loop", () => {
  it("replaces a blocked action, and says so in trace and feedback", async () => {
    const shield = listShield<number, Move>([[0, "down"]]);
    const { trace, status } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["down", ...SHORTEST]), shield });
    expect(status).toBe("terminated");
    expect(trace.header.shield).toBe("list");
    expect(trace.steps[0]).toMatchObject({
      parsed: "down",
      action: "up",
      replaced: "shield",
      shield: { shield: "list", blocked: "down", reason: "forbidden by the list" },
    });
    expect(trace.steps[0]?.feedback).toContain("(down was blocked: forbidden by the list; allowed: up, left, right)");
    expect(trace.end).toMatchObject({ blocked: 1, fallbacks: 0 });
    expect(trace.steps[1]?.shield).toBeUndefined();
  });

  it("takes the planner's next best where it gave scores", async () => {
    const shield = listShield<number, Move>([[0, "down"]]);
    const { trace } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner([{ logProbabilities: [-3, -0.1, -2, -1] }]), shield, budgets: { steps: 1 } });
    expect(trace.steps[0]).toMatchObject({ parsed: "down", action: "right" });
  });

  it("asks the shield for the safest, and takes nothing that it blocks", async () => {
    const shield: Shield<number, Move> = {
      name: "odd",
      blocks: (_, action) => (action === "up" || action === "down" ? "no" : undefined),
      safest: () => "right",
    };
    const { trace } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["up"]), shield, budgets: { steps: 1 } });
    expect(trace.steps[0]?.action).toBe("right");
    const lying: Shield<number, Move> = { ...shield, safest: () => "up" };
    const second = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["up"]), shield: lying, budgets: { steps: 1 } });
    expect(second.trace.steps[0]?.action).toBe("left");
  });

  it("shields the fallback too", async () => {
    const shield = listShield<number, Move>([
      [0, "up"],
      [0, "down"],
    ]);
    const { trace } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["?"]), shield, reasks: 0, budgets: { steps: 1 } });
    expect(trace.steps[0]).toMatchObject({ action: "left", replaced: "unparsable", parsed: null });
  });

  it("ends the run where every action is blocked", async () => {
    const shield: Shield<number, Move> = { name: "wall", blocks: (state) => (state === 1 ? "nothing is safe" : undefined) };
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["right", "right"]), shield });
    expect(result).toMatchObject({ status: "no-safe-action", steps: 1 });
    expect(result.trace.end).toMatchObject({ blocked: 1, unfinished: { state: 1, shield: { blocked: "right", reason: "nothing is safe" } } });
  });
});

describe("listShield", () => {
  it("knows states that are objects by what they hold", () => {
    const shield = listShield([[{ x: 1 }, "go"]]);
    expect(shield.blocks({ x: 1 }, "go")).toBeDefined();
    expect(shield.blocks({ x: 2 }, "go")).toBeUndefined();
  });
});

describe("valueShield", () => {
  it("blocks exactly what loses more than the margin", async () => {
    const maze = seedMaze();
    const best = await solve(maze, { epsilon: 1e-9 });
    const shield = valueShield(best, { margin: 0.05 });
    // At 11 the goal is one step down: down is worth 1, a blocked or backward move at most 0.9.
    expect(shield.blocks(11, "down")).toBeUndefined();
    expect(shield.blocks(11, "left")).toBe("loses 0.19 against the best action, more than 0.05");
    expect(valueShield(best, { margin: 0.2 }).blocks(11, "left")).toBeUndefined();
    expect(shield.safest?.(11, ["up", "left", "down"])).toBe("down");
    expect(() => valueShield(best, { margin: -1 })).toThrow("margin is -1");
  });

  it("looks the other way under minimize", async () => {
    const costs = defineMdp({
      states: ["a"],
      actions: ["cheap", "dear"],
      discount: 0.5,
      objective: "minimize",
      transition: () => "a",
      reward: (_, action) => (action === "cheap" ? 1 : 3),
    });
    const shield = valueShield(await solve(costs), { margin: 1 });
    expect(shield.blocks("a", "cheap")).toBeUndefined();
    expect(shield.blocks("a", "dear")).toBe("loses 2 against the best action, more than 1");
    expect(shield.safest?.("a", ["dear", "cheap"])).toBe("cheap");
  });

  it("drives any planner through the maze", async () => {
    const maze = seedMaze();
    const best = await solve(maze, { epsilon: 1e-9 });
    const result = await runAgent({ env: toEnv(maze), planner: scriptedPlanner(new Array(6).fill("up")), shield: valueShield(best, { margin: 0.01 }) });
    expect(result).toMatchObject({ status: "terminated", steps: 6, totalReward: 1 });
    expect(result.trace.end.blocked).toBe(6);
  });
});

describe("harmModel and harmShield", () => {
  const bridge = defineMdp({
    states: ["bank", "bridge", "river", "home"],
    actions: ["run", "walk", "wait"],
    initial: "bank",
    discount: 0.9,
    terminal: ["river", "home"],
    transition: (state, action) => {
      if (action === "wait") return state;
      if (state === "bank") return "bridge";
      return [
        ["river", action === "run" ? 0.25 : 0.125],
        ["home", action === "run" ? 0.75 : 0.875],
      ];
    },
    reward: (_, __, next) => (next === "home" ? 1 : 0),
  });

  it("gives the least probability of harm", async () => {
    const risk = await solve(harmModel(bridge, (state) => state === "river"));
    expect(risk.objective).toBe("minimize");
    // Waiting for ever is safe.
    expect(risk.value.at("bank")).toBe(0);
    const moving = harmModel(
      defineMdp({
        states: ["bridge", "river", "home"],
        actions: ["run", "walk"],
        terminal: ["river", "home"],
        transition: (_, a) => [
          ["river", a === "run" ? 0.25 : 0.125],
          ["home", a === "run" ? 0.75 : 0.875],
        ],
        reward: () => 0,
      }),
      (state) => state === "river",
    );
    const forced = await solve(moving);
    expect(forced.value.at("bridge")).toBeCloseTo(0.125, 12);
    expect(forced.q.at("bridge", "run")).toBeCloseTo(0.25, 12);
  });

  it("counts entering harm once, also where the model goes on from there", async () => {
    const mud = defineMdp({
      states: ["path", "mud"],
      actions: ["go"],
      discount: 0.9,
      transition: (state) => (state === "path" ? "mud" : "path"),
      reward: () => 0,
    });
    const risk = await solve(harmModel(mud, (state) => state === "mud"));
    expect([risk.value.at("path"), risk.value.at("mud")]).toEqual([1, 0]);
  });

  it("blocks what is over the limit and leaves the least harmful", async () => {
    const risk = await solve(harmModel(bridge, (state) => state === "river"));
    const shield = harmShield(risk, { limit: 0.2 });
    expect(shield.blocks("bridge", "walk")).toBeUndefined();
    expect(shield.blocks("bridge", "run")).toBe("probability of harm up to 0.25, more than 0.2");
    const strict = harmShield(risk, { limit: 0 });
    expect(["run", "walk", "wait"].filter((action) => strict.blocks("bridge", action as "run") === undefined)).toEqual(["wait"]);
    expect(strict.safest?.("bridge", ["run", "walk"])).toBe("walk");
    expect(() => harmShield(risk, { limit: 2 })).toThrow("limit is 2, expected a probability from 0 to 1");
  });

  it("does not fail open on a solve that did not converge", async () => {
    const risk = await solve(harmModel(bridge, (state) => state === "river"));
    const unproven = harmShield({ q: risk.q, gap: Number.POSITIVE_INFINITY }, { limit: 0.5 });
    expect(unproven.blocks("bridge", "run")).toBeDefined();
    expect(unproven.blocks("bridge", "wait")).toBeUndefined();
  });

  it("keeps an agent on the frozen lake out of the holes wherever that can be done", async () => {
    const { mdp, grid } = frozenLake();
    const holes = new Set(grid?.statesOf("hole").map((s) => mdp.states.at(s)));
    expect(holes.size).toBe(4);
    const risk = await valueIteration(
      harmModel(mdp, (state) => holes.has(state)),
      { epsilon: 1e-9 },
    );
    const shield = harmShield(risk, { limit: 0 });
    for (let seed = 0; seed < 20; seed++) {
      const { trace } = await runAgent({ env: toEnv(mdp, { maxSteps: 200 }), planner: { name: "mute", plan: () => ({ text: "" }) }, reasks: 0, shield, seed });
      for (const step of trace.steps) {
        const least = Math.min(...risk.q.row(mdp.states.at(step.state)).values());
        expect(risk.q.at(mdp.states.at(step.state), mdp.actions.at(step.actionIndex))).toBe(least);
      }
      // From the start the left column is safe for ever: no episode falls in.
      expect(holes.has(mdp.states.at(trace.steps.at(-1)?.next ?? -1))).toBe(false);
    }
  });
});

describe("blockedShield and allShields", () => {
  it("blocks moves into walls only", () => {
    const shield = blockedShield(seedMaze());
    expect((["up", "down", "left", "right"] as const).filter((action) => shield.blocks(0, action) === undefined)).toEqual(["right"]);
  });

  it("blocks what any of several blocks", () => {
    const both = allShields<number, Move>([blockedShield(seedMaze()), listShield<number, Move>([[1, "left"]])]);
    expect(both.name).toBe("blocked moves+list");
    expect(both.blocks(1, "up")).toContain("leads nowhere");
    expect(both.blocks(1, "left")).toBe("forbidden by the list");
    expect(both.blocks(1, "right")).toBeUndefined();
  });
});
