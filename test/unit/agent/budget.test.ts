// Budgets: a step or call that would go over is not begun, and the run ends with the limit's name.
import { describe, expect, it } from "vitest";
import { Budget, type Planner, runAgent, scriptedPlanner } from "../../../src/agent/index.ts";
import { type Move, mazeEnv } from "./seed-maze.ts";

const up = (): Planner<number, Move> => ({ name: "up", plan: () => ({ text: "up" }) });

describe("budgets of a run", () => {
  it.each([
    [{ steps: 3 }, "max-steps", 3],
    [{ steps: 0 }, "max-steps", 0],
    [{ modelCalls: 2 }, "max-model-calls", 2],
    [{ modelCalls: 0 }, "max-model-calls", 0],
    [{ seconds: 0 }, "max-seconds", 0],
    [{ promptTokens: 1 }, "max-prompt-tokens", 0],
  ] as const)("%o ends with %s after %i steps", async (budgets, status, steps) => {
    const result = await runAgent({ env: mazeEnv(), planner: up(), budgets });
    expect(result).toMatchObject({ status, steps });
    expect(result.trace.end.status).toBe(status);
  });

  it("counts the characters of every prompt and begins none that would go over", async () => {
    const prompt = () => "x".repeat(100);
    const result = await runAgent({ env: mazeEnv(), planner: up(), prompt, budgets: { promptCharacters: 250 } });
    expect(result).toMatchObject({ status: "max-prompt-characters", steps: 2 });
    expect(result.trace.end.spent.promptCharacters).toBe(200);
    const exact = await runAgent({ env: mazeEnv(), planner: up(), prompt, budgets: { promptCharacters: 300 } });
    expect(exact.steps).toBe(3);
  });

  it("counts re-asks as calls, and keeps what was said in the step that was not taken", async () => {
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["right", "hm", "hm"]), budgets: { modelCalls: 3 }, reasks: 5 });
    expect(result).toMatchObject({ status: "max-model-calls", steps: 1 });
    expect(result.trace.end).toMatchObject({ unparsable: 2, unfinished: { state: 1, calls: [{ answer: "hm" }, { answer: "hm" }] } });
  });

  it("cancels a call that is still out when the seconds are up", async () => {
    let told: unknown;
    const slow: Planner<number, Move> = {
      name: "slow",
      plan: ({ signal }) => new Promise(() => signal.addEventListener("abort", () => (told = signal.reason))),
    };
    const result = await runAgent({ env: mazeEnv(), planner: slow, budgets: { seconds: 0.03 } });
    expect(result).toMatchObject({ status: "max-seconds", steps: 0 });
    expect(told).toMatchObject({ name: "TimeoutError" });
  });

  it("charges what a planner says it took: nothing for a cached answer", async () => {
    const cached: Planner<number, Move> = { name: "cached", plan: () => ({ text: "up", modelCalls: 0 }) };
    const result = await runAgent({ env: mazeEnv(), planner: cached, budgets: { modelCalls: 1, steps: 4 } });
    expect(result).toMatchObject({ status: "max-steps", steps: 4 });
    expect(result.trace.end.spent).toMatchObject({ modelCalls: 0, promptCharacters: 0, promptTokens: 0 });
  });

  it("refuses a limit that is no number", () => {
    expect(() => new Budget({ steps: -1 })).toThrow("budgets.steps is -1, expected a number of at least 0.");
    expect(() => new Budget({ seconds: Number.NaN })).toThrow("budgets.seconds is NaN");
  });
});
