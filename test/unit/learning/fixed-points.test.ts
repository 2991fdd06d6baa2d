// What each method converges to: off-policy ones to the optimal Q whatever explores, on-policy ones to that of the explorer.
import { describe, expect, it } from "vitest";
import { toEnv } from "../../../src/envs/index.ts";
import { follow, greedy, harmonic, Policy, policySpace } from "../../../src/policies/index.ts";
import { evaluatePolicy, valueIteration } from "../../../src/solvers/index.ts";
import {
  doubleQLearning,
  expectedSarsa,
  type LearnOptions,
  type LearnResult,
  nStepExpectedSarsa,
  nStepSarsa,
  nStepTreeBackup,
  qLearning,
  sarsa,
  sarsaLambda,
  tdPrediction,
  watkinsQ,
} from "../../../src/solvers/learning/index.ts";
import { ring } from "./environments.ts";

const model = ring();
const policy = Policy.uniform(policySpace(model));
const options: LearnOptions<number, number> = { steps: 300_000, seed: 11, explore: follow(policy), learningRate: harmonic(30) };
const env = () => toEnv(model, { maxSteps: 40 });

const offPolicy: Record<string, () => Promise<LearnResult<number, number>>> = {
  qLearning: () => qLearning(env(), options),
  doubleQLearning: () => doubleQLearning(env(), options),
  "expectedSarsa, greedy target": () => expectedSarsa(env(), { ...options, target: greedy() }),
  "nStepTreeBackup 4": () => nStepTreeBackup(env(), { ...options, n: 4 }),
  "watkinsQ 0.9": () => watkinsQ(env(), { ...options, lambda: 0.9 }),
};

const onPolicy: Record<string, () => Promise<LearnResult<number, number>>> = {
  sarsa: () => sarsa(env(), options),
  expectedSarsa: () => expectedSarsa(env(), options),
  "nStepSarsa 4": () => nStepSarsa(env(), { ...options, n: 4 }),
  "nStepExpectedSarsa 4": () => nStepExpectedSarsa(env(), { ...options, n: 4 }),
  "nStepTreeBackup 4, the explorer its target": () => nStepTreeBackup(env(), { ...options, n: 4, target: follow(policy) }),
  "sarsaLambda 0.9": () => sarsaLambda(env(), { ...options, lambda: 0.9 }),
};

const distance = (x: Float64Array, y: Float64Array) => Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));

describe("off-policy methods learn the optimal Q from a uniform explorer", () => {
  it.each(Object.entries(offPolicy))("%s", async (_name, learn) => {
    const exact = await valueIteration(model, { epsilon: 1e-9 });
    const uniform = await evaluatePolicy(model, policy, { epsilon: 1e-9 });
    const { q } = await learn();
    // The two answers are far apart, so that closeness to one tells.
    expect(distance(exact.q.array, uniform.q.array)).toBeGreaterThan(2);
    expect(distance(q.array, exact.q.array)).toBeLessThan(0.1);
  });
});

describe("on-policy methods learn the Q of the explorer", () => {
  it.each(Object.entries(onPolicy))("%s", async (_name, learn) => {
    const { q: exact } = await evaluatePolicy(model, policy, { epsilon: 1e-9 });
    expect(distance((await learn()).q.array, exact.array)).toBeLessThan(0.35);
  });

  it("tdPrediction, at every λ", async () => {
    const { value } = await evaluatePolicy(model, policy, { epsilon: 1e-9 });
    for (const lambda of [0, 0.5, 1]) {
      const predicted = await tdPrediction(env(), policy, { steps: 300_000, seed: 11, lambda, learningRate: harmonic(30) });
      expect(distance(predicted.value.array, value.array), `λ = ${lambda}`).toBeLessThan(0.15);
    }
  });
});
