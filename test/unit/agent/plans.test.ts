// Plans of several steps: parsed strictly, checked against the model before and while they are carried out, made anew where reality differs.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { surpriseIn } from "../../../src/agent/check-plan.ts";
import { blockedShield, checkPlan, type Planner, parsePlan, runAgent, scriptedPlanner } from "../../../src/agent/index.ts";
import { frozenLake, toEnv } from "../../../src/envs/index.ts";
import { buildMdp, defineMdp, findChoice, startAt } from "../../../src/mdp/index.ts";
import { arbitraryMdp } from "../../support/arbitrary-mdp.ts";
import { buildCallback } from "../../support/layouts.ts";
import { mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

const names = {
  actions: ["up", "down", "left", "right"],
  state: (name: string) => (/^\d+$/.test(name) && Number(name) < 16 ? Number(name) : undefined),
  most: 6,
};

describe("parsePlan", () => {
  it("takes names in several written forms, and nothing else", () => {
    const plan = { actions: [3, 3, 1], reach: undefined };
    for (const text of ["right, right, down", "right; Right;DOWN.", "1. right\n2. right\n3. down", "right -> right → down", '["right","right","down"]'])
      expect(parsePlan(text, names), text).toEqual(plan);
    expect(parsePlan('{"plan":["right"],"reach":"1"}', names)).toEqual({ actions: [3], reach: 1 });
    expect(parsePlan('{"plan":["right"],"reach":1}', names)).toEqual({ actions: [3], reach: 1 });
    for (const text of [
      "",
      "right and then down",
      "right, right, teleport",
      "right,,down",
      "right, right, right, right, right, right, right",
      '{"plan":["right"],"reach":"the moon"}',
      '{"plan":["right"],"then":"rm"}',
      '{"plan":"right"}',
      '{"plan":[3]}',
      "[right]",
      '["right"',
      "[]",
    ])
      expect(parsePlan(text, names), text).toBeUndefined();
  });

  it("can only ever index the names", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.array(fc.constantFrom(...names.actions, " ", "x")).map(String)), (text) => {
        const plan = parsePlan(text, names);
        if (plan === undefined) return;
        expect(plan.actions.length).toBeLessThanOrEqual(names.most);
        for (const action of plan.actions) expect(names.actions[action]).toBeDefined();
      }),
    );
  });
});

describe("checkPlan", () => {
  const fork = defineMdp({
    states: ["start", "left", "right", "end"],
    actions: ["go", "rest", "leap"],
    discount: 0.9,
    initial: "start",
    terminal: ["end"],
    feasible: (s) => (s === "start" ? ["go"] : s === "left" ? ["rest", "leap"] : ["rest"]),
    transition: (s, a) =>
      s === "start"
        ? [
            ["left", 0.25],
            ["right", 0.75],
          ]
        : a === "leap"
          ? "end"
          : s,
    reward: () => 0,
  });
  const check = (actions: number[], reach?: number) => checkPlan(fork, 0, { actions, reach });

  it("tells how probably a plan can be carried out, and where it leads", () => {
    expect(check([0, 1])).toMatchObject({ possible: true, probability: 1 });
    expect([...check([0, 1]).expected]).toEqual([2, 2]);
    expect(check([0, 2])).toMatchObject({ possible: true, probability: 0.25 });
    // What comes after the end is not needed.
    expect(check([0, 2, 0, 0])).toMatchObject({ possible: true, probability: 0.25 });
    expect(check([0, 2], 3)).toMatchObject({ possible: true, probability: 0.25 });
  });

  it("says which step is impossible and why, and what a plan cannot reach", () => {
    expect(check([1])).toMatchObject({ possible: false, probability: 0, reason: 'step 1, "rest", cannot be taken: state "start" does not offer it' });
    expect(check([0, 0]).reason).toBe('step 2, "go", cannot be taken: state "left" does not offer it');
    expect(check([0, 1], 3).reason).toBe('it cannot end in state "end", but in "right" or "left"');
  });

  it("agrees with playing the plan: what it calls impossible is never carried out, and its probability is how often it is", () => {
    fc.assert(
      fc.property(arbitraryMdp(), fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), fc.nat(), (spec, picks, from) => {
        const mdp = buildCallback(spec);
        const start = from % mdp.stateCount;
        if (mdp.storage.terminal[start] === 1) return;
        const actions = picks.map((pick) => pick % mdp.actionCount);
        const { probability, possible } = checkPlan(mdp, start, { actions, reach: undefined });
        // The same by brute force: every way through the tree.
        const carried = (state: number, k: number): number => {
          const action = actions[k];
          if (action === undefined) return 1;
          const env = toEnv(mdp.with({ initial: startAt(state) }));
          return env.outcomes(state, action).reduce((sum, { probability: p, next, terminated }) => sum + p * (terminated ? 1 : carried(next, k + 1)), 0);
        };
        const exact = carried(start, 0);
        expect(probability).toBeCloseTo(exact, 9);
        expect(possible).toBe(exact > 0);
      }),
      { numRuns: 60 },
    );
  });

  it("notices what the model says cannot happen", () => {
    expect(surpriseIn(fork, 0, 0, 1, false)).toBeUndefined();
    expect(surpriseIn(fork, 0, 0, 3, true)).toBe('the model never leads from "go" in state "start" to "end"');
    expect(surpriseIn(fork, 1, 2, 3, false)).toBe('the model ends the episode where "leap" in state "left" leads to "end"');
    expect(surpriseIn(fork, 1, 1, 1, true)).toBe('the model does not end the episode where "rest" in state "left" leads to "left"');
    expect(surpriseIn(fork, 0, 1, 0, false)).toBe('the model does not offer "rest" in state "start"');
  });
});

describe("runAgent with plans", () => {
  const maze = seedMaze();
  const toGoal = SHORTEST.join(", ");

  it("carries a plan out with one question, and records each step's place in it", async () => {
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner([toGoal]), plans: {}, model: maze });
    expect(result).toMatchObject({ status: "terminated", steps: 6, totalReward: 1 });
    expect(result.trace.steps.map((step) => [step.plan?.at, step.calls.length])).toEqual([0, 1, 2, 3, 4, 5].map((at) => [at, at === 0 ? 1 : 0]));
    expect(result.trace.steps[0]?.plan?.actions).toEqual(SHORTEST);
    expect(result.trace.steps[0]?.calls[0]?.prompt).toContain("a plan of at most 16 actions");
    expect(result.trace.end.spent.modelCalls).toBe(1);
  });

  it("never begins a plan that the model declares impossible, tells why, and takes a possible one", async () => {
    const throughTheWall = '{"plan":["down","down","right"],"reach":"15"}';
    const liar = '{"plan":["right","right"],"reach":"15"}';
    const planner = scriptedPlanner([throughTheWall, liar, toGoal]);
    const { trace, status } = await runAgent({ env: mazeEnv(), planner, plans: {}, model: maze, shield: blockedShield(maze) });
    expect(status).toBe("terminated");
    expect(trace.steps.map((step) => step.action)).toEqual(SHORTEST);
    const calls = trace.steps[0]?.calls ?? [];
    expect(calls.map((call) => call.outcome)).toEqual(["impossible", "impossible", "plan"]);
    expect(calls[0]?.result).toBe('step 1, "down", cannot be taken: it leads nowhere: its only successor is the state itself');
    expect(calls[1]?.result).toBe("it cannot end in state 15, but in 2");
    expect(calls[2]?.prompt).toContain("Your last plan is not possible: it cannot end in state 15, but in 2.");
    expect(trace.end).toMatchObject({ impossible: 2, unparsable: 0, fallbacks: 0 });
  });

  it("falls back where every plan is impossible", async () => {
    const planner = scriptedPlanner(new Array(3).fill("down, down"));
    const { trace } = await runAgent({ env: mazeEnv(), planner, plans: {}, model: maze, shield: blockedShield(maze), budgets: { steps: 1 } });
    expect(trace.steps[0]).toMatchObject({ action: "right", parsed: null, replaced: "unparsable" });
    expect(trace.end).toMatchObject({ impossible: 3, fallbacks: 1 });
  });

  it("plans anew as soon as a step leads elsewhere than expected, or only where the rest is impossible", async () => {
    const { mdp } = frozenLake();
    let asked = 0;
    const stubborn: Planner<unknown, unknown> = { name: "stubborn", plan: () => ({ plan: asked++ < 40 ? ["right", "right", "down"] : ["down"] }) };
    const run = (replan: "deviation" | "impossible") =>
      runAgent({ env: toEnv(mdp), planner: stubborn, plans: { replan }, model: mdp, seed: 3, budgets: { steps: 30 } });
    const careful = await run("deviation");
    const steps = careful.trace.steps;
    const replans = steps.filter((step) => step.replanned !== undefined);
    expect(replans.length).toBeGreaterThan(0);
    expect(careful.trace.end.replans).toBe(replans.length);
    for (const step of replans) {
      expect(step.replanned).toMatch(/^the plan expected to be in \d+ now, not in \d+$/);
      expect(step.calls).toHaveLength(1);
    }
    // A step inside a plan was taken where the plan expected to be.
    for (const [i, step] of steps.entries()) if ((step.plan?.at ?? 0) > 0) expect(step.replanned ?? steps[i - 1]?.plan?.actions).toEqual(step.plan?.actions);
    asked = 0;
    const loose = await run("impossible");
    expect(loose.trace.end.replans).toBeUndefined();
    expect(loose.trace.end.spent.modelCalls).toBeLessThan(careful.trace.end.spent.modelCalls);
  });

  it("gives a plan up where its next step is not offered, without a model too", async () => {
    const mdp = buildMdp({ states: 3, actions: 2, discount: 1, initial: startAt(0) }, (state, model) => {
      if (state === 2) return model.terminal();
      model.choice(state, 1);
      model.branch(state + 1, 1);
    });
    expect(findChoice(mdp.storage, 1, 0)).toBe(-1);
    const { trace } = await runAgent({ env: toEnv(mdp), planner: scriptedPlanner(["0, 0", "1"]), plans: {} });
    expect(trace.steps.map((step) => step.action)).toEqual(["0", "1"]);
    expect(trace.steps[1]?.replanned).toBe("0 is not offered here");
  });

  it("notes a world that is not the model", async () => {
    // The model believes that moves succeed; the ice is slippery.
    const { trace } = await runAgent({
      env: toEnv(frozenLake().mdp),
      planner: scriptedPlanner(new Array(40).fill("down, down, right")),
      plans: {},
      model: frozenLake({ slippery: false }).mdp,
      seed: 1,
      budgets: { steps: 40 },
    });
    const surprises = trace.steps.filter((step) => step.surprise !== undefined);
    expect(surprises.length).toBeGreaterThan(0);
    for (const { surprise, stateName, nextName } of surprises) expect(surprise).toMatch(new RegExp(`in state ${stateName} to ${nextName}$`));
  });

  it("takes no plan where none was asked for, and refuses a model of another size", async () => {
    const { trace } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner([toGoal, { plan: ["right"] }, "right"]), budgets: { steps: 1 } });
    expect(trace.steps[0]?.calls.map((call) => call.outcome)).toEqual(["unparsable", "unparsable", "action"]);
    const other = frozenLake({ map: "8x8" }).mdp as never;
    await expect(runAgent({ env: mazeEnv(), planner: scriptedPlanner([]), model: other })).rejects.toThrow("model has 64 states and 4 actions, expected");
    await expect(runAgent({ env: mazeEnv(), planner: scriptedPlanner([]), plans: { most: 0 } })).rejects.toThrow("plans.most is 0");
  });
});
