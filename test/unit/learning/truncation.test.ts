// An episode cut off is not an episode ended: learners go on counting what would have come.
import { describe, expect, it } from "vitest";
import { type Env, toEnv } from "../../../src/envs/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import {
  doubleQLearning,
  expectedSarsa,
  monteCarloPrediction,
  nStepExpectedSarsa,
  nStepSarsa,
  nStepTreeBackup,
  qLearning,
  sarsa,
  sarsaLambda,
  tdPrediction,
  watkinsQ,
} from "../../../src/solvers/learning/index.ts";
import { bare, forever, mislabelled } from "./environments.ts";

const model = forever(0.9);
const truncated = () => toEnv(model, { maxSteps: 4 });
const policy = Policy.uniform(policySpace(model));
const options = { steps: 4000, learningRate: 0.1 };

type Estimate = (env: Env<number, number>) => Promise<number>;
const estimates: Record<string, Estimate> = {
  qLearning: async (env) => (await qLearning(env, options)).q.at(0, 0),
  sarsa: async (env) => (await sarsa(env, options)).q.at(0, 0),
  expectedSarsa: async (env) => (await expectedSarsa(env, options)).q.at(0, 0),
  doubleQLearning: async (env) => (await doubleQLearning(env, options)).q.at(0, 0),
  "nStepSarsa 3": async (env) => (await nStepSarsa(env, { ...options, n: 3 })).q.at(0, 0),
  "nStepSarsa infinite": async (env) => (await nStepSarsa(env, { ...options, n: Infinity })).q.at(0, 0),
  "nStepExpectedSarsa 3": async (env) => (await nStepExpectedSarsa(env, { ...options, n: 3 })).q.at(0, 0),
  "nStepTreeBackup 3": async (env) => (await nStepTreeBackup(env, { ...options, n: 3 })).q.at(0, 0),
  "sarsaLambda accumulating": async (env) => (await sarsaLambda(env, { ...options, lambda: 0.5, traces: "accumulating" })).q.at(0, 0),
  "sarsaLambda dutch": async (env) => (await sarsaLambda(env, { ...options, lambda: 0.5, traces: "dutch" })).q.at(0, 0),
  watkinsQ: async (env) => (await watkinsQ(env, { ...options, lambda: 0.5 })).q.at(0, 0),
  tdPrediction: async (env) => (await tdPrediction(env, policy, { ...options, lambda: 0.5 })).value.at(0),
  "tdPrediction offline": async (env) => (await tdPrediction(env, policy, { ...options, lambda: 1, updates: "offline" })).value.at(0),
  "monteCarloPrediction every": async (env) => (await monteCarloPrediction(env, policy, { ...options, visits: "every" })).value.at(0),
};

describe.each(Object.entries(estimates))("%s", (_name, estimate) => {
  it("bootstraps from the state an episode was cut off in: the value of 1 for ever is 10", async () => {
    expect(await estimate(truncated())).toBeCloseTo(10, 6);
  });

  it("would be wrong if truncation were termination: at most four rewards count", async () => {
    const wrong = await estimate(mislabelled(truncated()));
    expect(wrong).toBeGreaterThan(0.9);
    expect(wrong).toBeLessThan(1 + 0.9 + 0.81 + 0.729 + 1e-9);
  });
});

describe("monteCarloPrediction", () => {
  it("can leave out what was cut off", async () => {
    const { value, visits, episodes } = await monteCarloPrediction(truncated(), policy, { ...options, truncated: "discard" });
    expect([value.at(0), visits[0], episodes]).toEqual([0, 0, 1000]);
  });
});

describe("a limit on steps", () => {
  it("leaves the pending steps of n-step methods pending, and resuming without the environment's state learns them", async () => {
    const half = await nStepSarsa(bare(truncated()), { ...options, steps: 4002, n: Infinity });
    expect(half.episodes).toBe(1000);
    expect(half.state.agent.pendingReward).toEqual([1, 1]);
    expect(half.visits[0]).toBe(4000);
    const rest = await nStepSarsa(bare(truncated()), { ...options, steps: 4002, n: Infinity, resume: half.state });
    expect(rest.visits[0]).toBe(4002);
    expect(rest.q.at(0, 0)).toBeCloseTo(10, 6);
  });
});
