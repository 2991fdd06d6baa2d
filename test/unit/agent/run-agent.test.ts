// The loop: perceive, prompt, plan, parse, execute, feed back, with every stage replaceable and every ending named.
import { describe, expect, it } from "vitest";
import { type Planner, policyPlanner, runAgent, scriptedPlanner, type TraceStep } from "../../../src/agent/index.ts";
import { toEnv } from "../../../src/envs/index.ts";
import { buildMdp, startAt } from "../../../src/mdp/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { type Move, mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

describe("runAgent", () => {
  it("reaches the goal of the maze with a scripted planner and records each step", async () => {
    const seen: number[] = [];
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), onStep: (step) => void seen.push(step.state) });
    expect(result).toMatchObject({ status: "terminated", totalReward: 1, steps: 6 });
    expect(seen).toEqual([0, 1, 2, 6, 10, 11]);
    expect(result.trace.header).toMatchObject({ planner: "scripted", start: 0 });
    expect(result.trace.steps.map((step) => step.action)).toEqual(SHORTEST);
    expect(result.trace.steps.at(-1)).toMatchObject({ next: 15, reward: 1, terminated: true, truncated: false, parsed: "down" });
    expect(result.trace.end).toMatchObject({ status: "terminated", unparsable: 0, fallbacks: 0, blocked: 0, spent: { steps: 6, modelCalls: 6 } });
  });

  it("follows an exact policy without calling a model", async () => {
    const maze = seedMaze();
    const best = await solve(maze);
    const result = await runAgent({ env: toEnv(maze), planner: policyPlanner(best.policy), budgets: { modelCalls: 0 } });
    expect(result).toMatchObject({ status: "terminated", steps: 6 });
    expect(result.trace.end.spent.modelCalls).toBe(0);
  });

  it("runs every stage the user replaces", async () => {
    const prompts: string[] = [];
    const planner: Planner<number, Move> = {
      name: "mine",
      plan: ({ prompt, state, index, actions, names, history }) => {
        prompts.push(prompt);
        expect([index, [...names]]).toEqual([state, [...actions]]);
        return { text: `<<${SHORTEST[history.length]}>>` };
      },
    };
    const result = await runAgent({
      env: mazeEnv(),
      planner,
      perceive: async (state, index) => `cell ${state} ${index}`,
      task: "get out",
      prompt: ({ task, observation, history, names }) => `${task}|${observation}|${history.at(-1)?.feedback ?? "none"}|${names.length}`,
      parse: (text, names) => {
        const at = names.indexOf(text.slice(2, -2));
        return at < 0 ? undefined : at;
      },
      feedback: ({ stateName, nextName, actionName, reward, terminated }) => `${stateName}-${actionName}-${nextName}-${reward}-${terminated}`,
    });
    expect(result.status).toBe("terminated");
    expect(prompts.slice(0, 2)).toEqual(["get out|cell 0 0|none|4", "get out|cell 1 1|0-right-1-0-false|4"]);
    expect(result.trace.steps.at(-1)?.feedback).toBe("11-down-15-1-true");
  });

  it("puts task, memory, observation and actions into the default prompt", async () => {
    const { trace } = await runAgent({
      env: mazeEnv(),
      planner: scriptedPlanner(SHORTEST),
      task: "Find the way out.",
      perceive: (state) => `You are in cell ${state}.`,
    });
    const [first, second] = trace.steps.map((step) => step.calls[0]?.prompt);
    expect(first).toBe("Find the way out.\n\nNow: You are in cell 0.\nActions: up, down, left, right\nAnswer with one action.\nAction:");
    expect(second).toContain("So far:\nYou are in cell 0.\nAction: right\nYou came to 1. Reward 0.\n\nNow: You are in cell 1.");
  });

  it("asks again a bounded number of times, then takes the first feasible action and counts it", async () => {
    const answers = ["I think I should go right or down", "", "north", ...SHORTEST];
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(answers), reasks: 2 });
    const [first, second] = result.trace.steps;
    expect(first).toMatchObject({ action: "up", parsed: null, replaced: "unparsable", answer: "north", state: 0, next: 0 });
    expect(first?.calls.map((call) => call.outcome)).toEqual(["unparsable", "unparsable", "unparsable"]);
    expect(first?.calls[1]?.prompt).toContain("Your last answer was not one of the actions.");
    expect(second).toMatchObject({ action: "right", parsed: "right" });
    expect(second?.replaced).toBeUndefined();
    expect(second?.calls[0]?.prompt).not.toContain("Your last answer");
    expect(result.trace.end).toMatchObject({ unparsable: 3, fallbacks: 1, status: "terminated" });
  });

  it("takes scores: the most probable, equal ones in order, and none that are unusable", async () => {
    const scores = (...logProbabilities: number[]) => ({ logProbabilities });
    const planner = scriptedPlanner([
      scores(-1, -2, -3, -0.5),
      scores(-Infinity, -1, -1, -Infinity),
      scores(Number.NaN, 0, 0, 0),
      scores(0, 0),
      scores(-Infinity, -Infinity, -Infinity, -Infinity),
      scores(1, 2, 3, Infinity),
    ]);
    const { trace } = await runAgent({ env: mazeEnv(), planner, reasks: 3, budgets: { steps: 3 } });
    expect(trace.steps.map((step) => step.action)).toEqual(["right", "down", "up"]);
    expect(trace.steps[1]?.calls[0]?.scores).toEqual([null, -1, -1, null]);
    expect(trace.steps[2]).toMatchObject({ replaced: "unparsable", parsed: null });
    expect(trace.steps[2]?.calls).toHaveLength(4);
  });

  it("forgets the oldest steps", async () => {
    const lengths: number[] = [];
    const planner: Planner<number, Move> = {
      name: "up",
      plan: ({ history }) => {
        lengths.push(history.length);
        return { text: "up" };
      },
    };
    await runAgent({ env: mazeEnv(), planner, memory: { turns: 2 }, budgets: { steps: 5 } });
    expect(lengths).toEqual([0, 1, 2, 2, 2]);
  });

  it("reports a truncated episode as truncated", async () => {
    const result = await runAgent({ env: mazeEnv(3), planner: scriptedPlanner(["up", "up", "up"]) });
    expect(result).toMatchObject({ status: "truncated", steps: 3 });
    expect(result.trace.steps.at(-1)).toMatchObject({ truncated: true, terminated: false });
  });

  it("stops on the signal, between steps and during a call that does not listen to it", async () => {
    const controller = new AbortController();
    const between = await runAgent({
      env: mazeEnv(),
      planner: scriptedPlanner(SHORTEST),
      signal: controller.signal,
      onStep: (step: TraceStep) => void (step.step === 1 && controller.abort()),
    });
    expect(between).toMatchObject({ status: "aborted", steps: 2 });

    const during = new AbortController();
    const deaf: Planner<number, Move> = { name: "deaf", plan: () => new Promise(() => setTimeout(() => during.abort(), 5)) };
    const result = await runAgent({ env: mazeEnv(), planner: deaf, signal: during.signal });
    expect(result).toMatchObject({ status: "aborted", steps: 0 });

    expect(await runAgent({ env: mazeEnv(), planner: deaf, signal: AbortSignal.abort() })).toMatchObject({ status: "aborted", steps: 0 });
  });

  it("answers an episode that begins at its end with no step", async () => {
    const over = buildMdp({ states: 2, actions: 1, initial: startAt(1) }, (state, model) => {
      if (state === 1) model.terminal();
      else {
        model.choice(0, 0);
        model.branch(1, 1);
      }
    });
    // toEnv refuses such a start, so the environment is wrapped.
    const env = toEnv(over.with({ initial: startAt(0) }));
    const ended = Object.assign(Object.create(env) as typeof env, { reset: () => ({ state: 1, reward: 0, terminated: true, truncated: false }) });
    expect(await runAgent({ env: ended, planner: scriptedPlanner([]) })).toMatchObject({ status: "terminated", steps: 0 });
  });

  it("refuses a bad number of re-asks", async () => {
    await expect(runAgent({ env: mazeEnv(), planner: scriptedPlanner([]), reasks: -1 })).rejects.toThrow("reasks is -1, expected an integer of at least 0.");
  });
});

describe("learning while acting", () => {
  it("makes the Q-learning update of each transition", async () => {
    const options = { learningRate: 0.5, discount: 0.9 };
    const first = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), learn: options });
    expect(first.q?.at(11, "down")).toBe(0.5);
    expect(first.q?.at(10, "right")).toBe(0);
    const second = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), learn: { ...options, initialQ: first.q } });
    expect(second.q?.at(11, "down")).toBe(0.75);
    expect(second.q?.at(10, "right")).toBe(0.5 * 0.9 * 0.5);
    expect(first.q?.at(11, "down")).toBe(0.5);
  });

  it("bootstraps a truncated step and not a terminated one", async () => {
    const loop = buildMdp({ states: 1, actions: 1, discount: 0.5, initial: startAt(0) }, (_, model) => {
      model.choice(0, 1);
      model.branch(0, 1);
    });
    const result = await runAgent({ env: toEnv(loop, { maxSteps: 2 }), planner: scriptedPlanner(["0", "0"]), learn: { learningRate: 1 } });
    // 1, then 1 + 0.5 · 1: the second step is truncated.
    expect(result.q?.at(0, 0)).toBe(1.5);
  });

  it("does not bootstrap a branch that ends in a state with choices of its own", async () => {
    const ending = buildMdp({ states: 1, actions: 2, discount: 1, initial: startAt(0) }, (_, model) => {
      model.choice(0, 1);
      model.branch(0, 1);
      model.choice(1, 2);
      model.branch(0, 1, 2, true);
    });
    const { q } = await runAgent({ env: toEnv(ending), planner: scriptedPlanner(["0", "1"]), learn: { learningRate: 1 } });
    expect([q?.at(0, 0), q?.at(0, 1)]).toEqual([1, 2]);
  });

  it("minimises where the environment does", async () => {
    const maze = seedMaze().with({ objective: "minimize" });
    const env = toEnv(maze);
    const first = await runAgent({ env, planner: scriptedPlanner(["right", "left"]), budgets: { steps: 2 }, learn: { learningRate: 1 } });
    expect(Array.from(first.q?.array ?? [])).toEqual(new Array(40).fill(0));
    const costly = toEnv(
      buildMdp({ states: 2, actions: 2, discount: 1, objective: "minimize", initial: startAt(0) }, (state, model) => {
        for (const a of [0, 1]) {
          model.choice(a, state === 0 ? 0 : a === 0 ? 5 : 2);
          model.branch(1, 1);
        }
      }),
    );
    const result = await runAgent({ env: costly, planner: scriptedPlanner(["0", "0", "1", "0"]), budgets: { steps: 4 }, learn: { learningRate: 1 } });
    // Costs 5 (then the cheapest, 0, follows), 2 + min(5, 0), 5 + min(5, 2).
    expect([...(result.q?.row(1).values() ?? [])]).toEqual([7, 2]);
  });

  it("lets learned values decide between equal scores and in the fallback", async () => {
    const { q } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), learn: {} });
    const flat: Planner<number, Move> = { name: "flat", plan: ({ names }) => ({ logProbabilities: names.map(() => -1) }) };
    const mute: Planner<number, Move> = { name: "mute", plan: () => ({ text: "?" }) };
    for (const planner of [flat, mute]) {
      const env = toEnv(seedMaze().with({ initial: startAt(11) }));
      const result = await runAgent({ env, planner, learn: { initialQ: q }, reasks: 0 });
      expect(result.trace.steps.map((step) => [step.state, step.action])).toEqual([[11, "down"]]);
    }
  });

  it("refuses a missing discount and a table of another size", async () => {
    const bare = buildMdp({ states: 1, actions: 1, initial: startAt(0) }, (_, model) => {
      model.choice(0, 1);
      model.branch(0, 1);
    });
    await expect(runAgent({ env: toEnv(bare), planner: scriptedPlanner([]), learn: {} })).rejects.toThrow("learn.discount is undefined");
    const { q } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), learn: {} });
    const other = toEnv(
      buildMdp({ states: 1, actions: ["up", "down", "left", "right"], discount: 0.9, initial: startAt(0) }, (_, model) => {
        model.choice(0, 1);
        model.branch(0, 1);
      }),
    );
    await expect(runAgent({ env: other as never, planner: scriptedPlanner([]), learn: { initialQ: q as never } })).rejects.toThrow(
      "learn.initialQ has 40 choices, expected 1.",
    );
  });
});
