// Traces: plain JSON, JSON lines there and back, and a replay that notices every change.
import { describe, expect, it } from "vitest";
import { blockedShield, readTrace, replayTrace, runAgent, scriptedPlanner, type Trace, type TraceStep, writeTrace } from "../../../src/agent/index.ts";
import { frozenLake, toEnv } from "../../../src/envs/index.ts";
import { FormatError } from "../../../src/errors.ts";
import { mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

async function mazeTrace(): Promise<Trace> {
  return (await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["?", ...SHORTEST]), seed: "s", shield: blockedShield(seedMaze()) })).trace;
}

function changed(trace: Trace, step: number, change: Partial<TraceStep>): Trace {
  return { ...trace, steps: trace.steps.map((record, i) => (i === step ? { ...record, ...change } : record)) };
}

describe("writeTrace and readTrace", () => {
  it("goes to lines of JSON and back unchanged", async () => {
    const trace = await mazeTrace();
    const text = writeTrace(trace);
    expect(text.trimEnd().split("\n")).toHaveLength(2 + trace.steps.length);
    expect(readTrace(text)).toEqual(trace);
    expect(readTrace(text.replaceAll("\n", "\r\n"))).toEqual(trace);
    // Plain data: nothing is lost by JSON.
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
  });

  it("names the line of what is wrong", async () => {
    const lines = writeTrace(await mazeTrace())
      .trimEnd()
      .split("\n");
    const read =
      (...text: string[]) =>
      () =>
        readTrace(text.join("\n"));
    expect(read("")).toThrow(FormatError);
    expect(read(lines[0] ?? "", "{", lines.at(-1) ?? "")).toThrow("line 2 is not JSON.");
    expect(read(...lines.slice(1))).toThrow("line 1 is not the header of a trace");
    expect(read(...lines.slice(0, -1))).toThrow("Hint: was the file cut off?");
    expect(read(lines[0] ?? "", '{"step":0}', lines.at(-1) ?? "")).toThrow("line 2 is not a step of a trace");
    expect(read((lines[0] ?? "").replace('"version":1', '"version":2'), ...lines.slice(1))).toThrow("line 1");
  });
});

describe("replayTrace", () => {
  it("holds for the environment that made it", async () => {
    const trace = await mazeTrace();
    expect(replayTrace(mazeEnv(), trace)).toEqual({ holds: true, reasons: [], steps: trace.steps.length });
  });

  it("holds for a random environment by its seed, and not by another", async () => {
    const { mdp } = frozenLake();
    const planner = { name: "right", plan: () => ({ text: "right" }) };
    const { trace } = await runAgent({ env: toEnv(mdp, { maxSteps: 60 }), planner, seed: 5 });
    expect(trace.steps.length).toBeGreaterThan(3);
    expect(replayTrace(toEnv(mdp, { maxSteps: 60 }), trace)).toMatchObject({ holds: true });
    const others = [6, 7, 8, 9].map((seed) => replayTrace(toEnv(mdp, { maxSteps: 60 }), { ...trace, header: { ...trace.header, seed } }));
    expect(others.some((replay) => !replay.holds)).toBe(true);
  });

  it.each([
    ["a reward", 2, { reward: 0.5 }, "step 2: reward is 0, the trace says 0.5."],
    ["a successor", 2, { next: 9 }, "step 2: next state is 6, the trace says 9."],
    ["an ending", 5, { terminated: false }, "step 5: terminated is true, the trace says false."],
    ["a truncation", 1, { truncated: true }, "step 1: truncated is false, the trace says true."],
    ["an action", 1, { actionIndex: 0 }, "step 1: next state is 1, the trace says 2."],
    ["an action that does not exist", 1, { actionIndex: 9 }, "step 1: step got action 9"],
    ["a state", 3, { state: 9 }, "step 3 is taken in state 9, the environment stands in 6."],
  ])("notices a change of %s", async (_, at, change, reason) => {
    const trace = await mazeTrace();
    const replay = replayTrace(mazeEnv(), changed(trace, at, change));
    expect(replay.holds).toBe(false);
    expect(replay.reasons[0]).toContain(reason);
  });

  it("notices another start, another sum and a false ending", async () => {
    const trace = await mazeTrace();
    expect(replayTrace(mazeEnv(), { ...trace, header: { ...trace.header, start: 3 } }).reasons).toEqual(["the episode starts in state 0, the trace in 3."]);
    expect(replayTrace(mazeEnv(), { ...trace, end: { ...trace.end, totalReward: 2 } }).reasons).toEqual(["the rewards sum to 1, the trace says 2."]);
    expect(replayTrace(mazeEnv(), { ...trace, steps: trace.steps.slice(0, 3) }).reasons).toContain("the trace says it terminated, but its last step did not.");
  });
});
