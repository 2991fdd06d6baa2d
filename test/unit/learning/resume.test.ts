// Stopping and going on: from saved plain data, it must be as if the learner had never stopped.
import { describe, expect, it } from "vitest";
import { type Env, toEnv } from "../../../src/envs/index.ts";
import { FormatError, OptionError, ShapeError } from "../../../src/errors.ts";
import { epsilonGreedy, exponentialDecay, Policy, policySpace } from "../../../src/policies/index.ts";
import {
  doubleQLearning,
  expectedSarsa,
  type LearnerState,
  type LearnHistoryEntry,
  monteCarloPrediction,
  nStepSarsa,
  nStepTreeBackup,
  qLearning,
  sarsa,
  sarsaLambda,
  tdPrediction,
  watkinsQ,
} from "../../../src/solvers/learning/index.ts";
import { bare, forever, ring } from "./environments.ts";

interface Limits {
  readonly steps: number;
  readonly episodes?: number;
  readonly resume?: LearnerState;
}

interface Outcome {
  readonly numbers: Float64Array;
  readonly visits: Float64Array;
  readonly state: LearnerState;
  readonly history: readonly LearnHistoryEntry[];
}

const model = ring();
const policy = Policy.uniform(policySpace(model));
const common = { seed: "resume", evaluate: { every: 70 }, explore: epsilonGreedy(exponentialDecay({ from: 0.5, halfLife: 500 })) };
const predicting = { seed: "resume", evaluate: { every: 70 } };

const learners: Record<string, (env: Env<number, number>, limits: Limits) => Promise<Outcome>> = {
  qLearning: async (env, limits) => ofQ(await qLearning(env, { ...common, ...limits })),
  sarsa: async (env, limits) => ofQ(await sarsa(env, { ...common, ...limits })),
  expectedSarsa: async (env, limits) => ofQ(await expectedSarsa(env, { ...common, ...limits })),
  doubleQLearning: async (env, limits) => ofQ(await doubleQLearning(env, { ...common, ...limits })),
  nStepSarsa: async (env, limits) => ofQ(await nStepSarsa(env, { ...common, ...limits, n: 5 })),
  nStepTreeBackup: async (env, limits) => ofQ(await nStepTreeBackup(env, { ...common, ...limits, n: Infinity })),
  sarsaLambda: async (env, limits) => ofQ(await sarsaLambda(env, { ...common, ...limits, lambda: 0.8, traces: "dutch" })),
  watkinsQ: async (env, limits) => ofQ(await watkinsQ(env, { ...common, ...limits, lambda: 0.8 })),
  tdPrediction: async (env, limits) => ofV(await tdPrediction(env, policy, { ...predicting, ...limits, lambda: 0.8 })),
  "tdPrediction offline": async (env, limits) => ofV(await tdPrediction(env, policy, { ...predicting, ...limits, lambda: 0.8, updates: "offline" })),
  monteCarloPrediction: async (env, limits) => {
    const result = await monteCarloPrediction(env, policy, { ...predicting, ...limits });
    return { ...ofV(result), numbers: Float64Array.of(...result.value.array, ...result.standardError.array) };
  },
};

type Q = Awaited<ReturnType<typeof qLearning<number, number>>>;
type V = Awaited<ReturnType<typeof tdPrediction<number, number>>>;
const ofQ = ({ q, visits, state, history }: Q): Outcome => ({ numbers: q.array, visits, state, history });
const ofV = ({ value, visits, state, history }: V): Outcome => ({ numbers: value.array, visits, state, history });

const env = () => toEnv(model, { maxSteps: 5 });
const json = (state: LearnerState): LearnerState => JSON.parse(JSON.stringify(state)) as LearnerState;
/** The clock's part taken out. */
const timeless = (state: LearnerState) => ({ ...state, history: state.history.map((entry) => ({ ...entry, seconds: 0 })) });

describe.each(Object.entries(learners))("%s", (_name, learn) => {
  it("goes on from JSON in the middle of an episode, bit for bit, where the environment can save itself", async () => {
    const whole = await learn(env(), { steps: 1500 });
    // Some steps into an episode, for one of the stops at least; the environment that goes on has never been reset.
    let longest = 0;
    for (const stop of [1009, 1010, 1011, 1012]) {
      const half = await learn(env(), { steps: stop });
      longest = Math.max(longest, half.state.episode?.length ?? 0);
      const resumed = await learn(env(), { steps: 1500, resume: json(half.state) });
      expect(resumed.numbers).toEqual(whole.numbers);
      expect(resumed.visits).toEqual(whole.visits);
      expect(timeless(resumed.state)).toEqual(timeless(whole.state));
      expect(half.numbers).not.toEqual(whole.numbers);
    }
    expect(longest).toBeGreaterThan(1);
  });

  it("goes on between episodes, bit for bit, where the environment cannot", async () => {
    const whole = await learn(bare(env()), { steps: 1e5, episodes: 90 });
    const half = await learn(bare(env()), { steps: 1e5, episodes: 40 });
    expect(half.state.env).toBeUndefined();
    expect(half.state.episode).toBeNull();
    const resumed = await learn(bare(env()), { steps: 1e5, episodes: 90, resume: json(half.state) });
    expect(resumed.numbers).toEqual(whole.numbers);
    expect(timeless(resumed.state)).toEqual(timeless(whole.state));
    expect(half.numbers).not.toEqual(whole.numbers);
  });
});

describe("a saved state", () => {
  const saved = async () => (await qLearning(env(), { steps: 200 })).state;

  it("is plain JSON data, also of a learner that has not begun", async () => {
    const state = (await qLearning(env(), { steps: 0 })).state;
    expect(json(state)).toEqual(state);
    const [resumed, fresh] = [await qLearning(env(), { steps: 100, resume: json(state) }), await qLearning(env(), { steps: 100 })];
    expect(resumed.q.array).toEqual(fresh.q.array);
    const later = await saved();
    expect(json(later)).toEqual(later);
  });

  it("gives up an episode that the environment cannot restore, and begins another", async () => {
    const half = await qLearning(bare(env()), { steps: 100 });
    expect(half.state.episode).not.toBeNull();
    const rest = await qLearning(bare(env()), { steps: 200, resume: half.state });
    expect(rest.steps).toBe(200);
    expect(rest.visits.reduce((x, y) => x + y)).toBe(200);
    expect(rest.state.resets).toBeGreaterThan(half.state.resets);
  });

  it("is refused by another method, objective, seed or model, or when broken", async () => {
    const state = await saved();
    await expect(sarsa(env(), { steps: 300, resume: state })).rejects.toThrow(OptionError);
    await expect(qLearning(env(), { steps: 300, resume: state, objective: "minimize" })).rejects.toThrow(OptionError);
    await expect(qLearning(env(), { steps: 300, resume: state, seed: 5 })).rejects.toThrow(/leave seed out/);
    await expect(qLearning(toEnv(forever()), { steps: 300, resume: state })).rejects.toThrow(ShapeError);
    await expect(qLearning(env(), { steps: 300, resume: { ...state, agent: { q: [] } } })).rejects.toThrow(ShapeError);
    await expect(qLearning(env(), { steps: 300, resume: { ...state, agent: {} } })).rejects.toThrow(FormatError);
    await expect(qLearning(env(), { steps: 300, resume: { ...state, version: 2 as 1 } })).rejects.toThrow(FormatError);
    await expect(qLearning(env(), { steps: 300, resume: { ...state, steps: -1 } })).rejects.toThrow(OptionError);
  });
});
