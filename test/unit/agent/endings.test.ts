// However a run ends, its trace is whole and it can go on from there: failures of planner and environment, budgets, the signal, a killed process.
import { describe, expect, it } from "vitest";
import {
  type AgentOptions,
  type Planner,
  policyPlanner,
  readTrace,
  replayTrace,
  runAgent,
  scriptedPlanner,
  TabularLearner,
  type Trace,
  traceLine,
  writeTrace,
} from "../../../src/agent/index.ts";
import { type AsyncEnv, frozenLake, toEnv } from "../../../src/envs/index.ts";
import { BackendError, EnvProtocolError, PriorError } from "../../../src/errors.ts";
import { solve } from "../../../src/solvers/index.ts";
import { type Move, mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

const lake = frozenLake().mdp;
const best = await solve(lake);
const lakeRun = (more: Partial<AgentOptions<number | string, number | string>>) =>
  runAgent({ env: toEnv(lake), planner: policyPlanner(best.policy), seed: 5, ...more });

/** The same environment in its own time, failing in the step of that number. */
function failing(after: number, error: unknown): AsyncEnv<number, Move> {
  const env = mazeEnv();
  let steps = 0;
  return Object.assign(Object.create(env) as typeof env, {
    reset: async (options: { seed?: string | number }) => env.reset(options),
    step: async (action: number) => {
      if (steps++ >= after) throw error;
      return env.step(action);
    },
  });
}

/** What can be said of every trace, whatever ended it. */
function expectWhole(trace: Trace): void {
  expect(readTrace(writeTrace(trace))).toEqual(trace);
  expect(trace.end.totalReward).toBe(trace.steps.reduce((sum, { reward }) => sum + reward, 0));
  expect(trace.end.spent.steps).toBe(trace.steps.length);
}

describe("a run that fails", () => {
  it("in its planner ends with what was thrown, the trace whole up to there", async () => {
    const error = new PriorError("http://127.0.0.1:1/v1 could not be reached (ECONNREFUSED), 4 times; expected an answer.");
    let asked = 0;
    const planner: Planner<number, Move> = {
      name: "dies",
      plan: () => {
        if (asked === 2) throw error;
        return { text: SHORTEST[asked++] ?? "" };
      },
    };
    const result = await runAgent({ env: mazeEnv(), planner });
    expect(result).toMatchObject({ status: "planner-failed", steps: 2, error });
    expect(result.trace.end).toMatchObject({ failure: { code: "prior", message: error.message }, unfinished: { state: 2, calls: [] } });
    expectWhole(result.trace);
  });

  it("in its environment ends likewise, also at the first reset and where what is thrown is no error", async () => {
    const broken = new BackendError("the environment process ended by SIGKILL.");
    const result = await runAgent({ env: failing(3, broken), planner: scriptedPlanner(SHORTEST) });
    expect(result).toMatchObject({ status: "environment-failed", steps: 3, error: broken });
    expect(result.trace.end).toMatchObject({ failure: { code: "backend" }, unfinished: { action: "down", state: 6 } });
    expectWhole(result.trace);

    const never = Object.assign(Object.create(mazeEnv()) as AsyncEnv<number, Move>, { reset: () => Promise.reject("no cable") });
    const none = await runAgent({ env: never, planner: scriptedPlanner([]) });
    expect(none).toMatchObject({ status: "environment-failed", steps: 0, error: "no cable" });
    expect(none.trace).toMatchObject({ header: { start: -1 }, end: { failure: { code: "unknown", message: "no cable" } } });
    expectWhole(none.trace);
  });

  it("by time or signal while the environment is silent ends at once", async () => {
    const silent = Object.assign(Object.create(mazeEnv()) as AsyncEnv<number, Move>, { step: () => new Promise(() => undefined) });
    const late = await runAgent({ env: silent, planner: scriptedPlanner(SHORTEST), budgets: { seconds: 0.05 } });
    expect(late).toMatchObject({ status: "max-seconds", steps: 0, trace: { end: { unfinished: { action: "right" } } } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect(await runAgent({ env: silent, planner: scriptedPlanner(SHORTEST), signal: controller.signal })).toMatchObject({ status: "aborted", steps: 0 });
  });
});

describe("a run that is resumed", () => {
  it("goes on to the same end as one that was never ended, wherever it was", async () => {
    const whole = await lakeRun({ learn: {} });
    expect(whole.steps).toBeGreaterThan(8);
    for (let steps = 0; steps <= whole.steps; steps += 3) {
      const first = await lakeRun({ learn: {}, budgets: { steps } });
      expect(first.status).toBe(steps < whole.steps ? "max-steps" : whole.status);
      expectWhole(first.trace);
      const second = await lakeRun({ learn: {}, resume: readTrace(writeTrace(first.trace)), seed: "another, not used" });
      expect(second.trace.steps).toEqual(whole.trace.steps);
      expect(second.status).toBe(whole.status);
      expect(second.q?.array).toEqual(whole.q?.array);
      expect(second.trace.header.resumed).toBe(first.steps);
      expect(replayTrace(toEnv(lake), second.trace).holds).toBe(true);
    }
  });

  it("after a failure, a signal, and a spent budget, whose account goes on", async () => {
    const error = new BackendError("gone");
    const failed = await runAgent({ env: failing(4, error), planner: scriptedPlanner(SHORTEST) });
    const rest = SHORTEST.slice(4);
    const resumed = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(rest), resume: failed.trace });
    expect(resumed).toMatchObject({ status: "terminated", steps: 6, totalReward: 1 });
    expect(resumed.trace.steps.map((step) => step.action)).toEqual(SHORTEST);
    // Five questions were asked before, the last of them for the step that was never taken.
    expect(resumed.trace.end.spent.modelCalls).toBe(5 + rest.length);
    expectWhole(resumed.trace);

    const short = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), budgets: { modelCalls: 2 } });
    expect(short).toMatchObject({ status: "max-model-calls", steps: 2 });
    expect(await runAgent({ env: mazeEnv(), planner: scriptedPlanner([]), resume: short.trace, budgets: { modelCalls: 2 } })).toMatchObject({
      status: "max-model-calls",
      steps: 2,
    });
    const more = { env: mazeEnv(), planner: scriptedPlanner(SHORTEST.slice(2)), resume: short.trace, budgets: { modelCalls: 6 } };
    expect(await runAgent(more)).toMatchObject({ status: "terminated", steps: 6 });
  });

  it("remembers what it was told before", async () => {
    const first = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), budgets: { steps: 2 } });
    const histories: number[] = [];
    const planner: Planner<number, Move> = {
      name: "looks back",
      plan: ({ history }) => {
        histories.push(history.length);
        return { text: SHORTEST[history.length] ?? "" };
      },
    };
    expect(await runAgent({ env: mazeEnv(), planner, resume: first.trace })).toMatchObject({ status: "terminated" });
    expect(histories).toEqual([2, 3, 4, 5]);
  });

  it("from what a killed process left of its trace", async () => {
    let lines = "";
    const killed = new Error("killed");
    const onRecord = (record: Parameters<typeof traceLine>[0]): void => {
      if (lines.split("\n").length > 4) throw killed;
      lines += traceLine(record);
    };
    await expect(runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), onRecord })).rejects.toBe(killed);
    expect(() => readTrace(lines)).toThrow("is not the end of a trace");
    // The last line is half written.
    const trace = readTrace(`${lines}{"step":3,"sta`, { cutOff: true });
    expect(trace).toMatchObject({ end: { status: "cut-off", spent: { steps: 3, modelCalls: 3 }, totalReward: 0 } });
    const resumed = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST.slice(3)), resume: trace });
    expect(resumed).toMatchObject({ status: "terminated", steps: 6 });
  });

  it("refuses an environment that answers something else", async () => {
    const { trace } = await lakeRun({ budgets: { steps: 6 } });
    const planner = policyPlanner(best.policy);
    const other: Trace = { ...trace, header: { ...trace.header, seed: 6 } };
    await expect(runAgent({ env: toEnv(lake), planner, resume: other })).rejects.toThrow(EnvProtocolError);
    await expect(runAgent({ env: toEnv(lake), planner, resume: other })).rejects.toThrow(/^resume: step \d+ led to .* as in the trace\. Hint:/);
    const elsewhere: Trace = { ...trace, header: { ...trace.header, start: 3 } };
    await expect(runAgent({ env: toEnv(lake), planner, resume: elsewhere })).rejects.toThrow("resume: the episode starts in 0, expected 3");
  });

  it("tells onRecord the whole trace again, so that a file written by it is whole", async () => {
    const first = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), budgets: { steps: 2 } });
    let text = "";
    const result = await runAgent({
      env: mazeEnv(),
      planner: scriptedPlanner(SHORTEST.slice(2)),
      resume: first.trace,
      onRecord: (record) => {
        text += traceLine(record);
      },
    });
    expect(readTrace(text)).toEqual(result.trace);
  });
});

describe("budgets", () => {
  it("of tokens count answers too, and of memory look at the process", async () => {
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["right", "right"]), budgets: { tokens: 150 } });
    expect(result.status).toBe("max-tokens");
    const { promptTokens, answerTokens } = result.trace.end.spent;
    expect(answerTokens).toBe(2 * result.steps);
    expect(promptTokens + answerTokens).toBeLessThanOrEqual(150);
    expect(await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), budgets: { megabytes: 1 } })).toMatchObject({ status: "max-memory", steps: 0 });
    expect(await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), budgets: { megabytes: 1e6 } })).toMatchObject({ status: "terminated" });
  });
});

describe("a learner given to several runs", () => {
  it("goes on with its own table", async () => {
    const learner = new TabularLearner(mazeEnv(), { learningRate: 0.5 });
    for (let episode = 0; episode < 3; episode++) await runAgent({ env: mazeEnv(), planner: scriptedPlanner(SHORTEST), learn: learner });
    expect(learner.q.at(11, "down")).toBe(0.875);
    expect(learner.q.at(10, "right")).toBeCloseTo(0.5 * (0.5 * 0.9 * 0.5) + 0.5 * 0.9 * 0.75, 12);
    expect(seedMaze().stateCount).toBe(16);
  });
});
