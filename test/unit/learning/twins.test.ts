// Methods that must be the same at the ends of their parameters: λ = 0 and 1, n = 1 and infinity, greedy targets.
import { describe, expect, it } from "vitest";
import { randomWalk, toEnv } from "../../../src/envs/index.ts";
import { epsilonGreedy, greedy, Policy, policySpace } from "../../../src/policies/index.ts";
import {
  expectedSarsa,
  type LearnOptions,
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
import { type Episode, forwards, recording, ring } from "./environments.ts";

const noisy = ring();
const options: LearnOptions<number, number> = { steps: 5000, seed: "twins", learningRate: 0.2, explore: epsilonGreedy(0.2, { ties: "lowest" }) };
const env = () => toEnv(noisy, { maxSteps: 30 });

function expectClose(got: Float64Array, expected: Float64Array, tolerance = 1e-11): void {
  expect(got.length).toBe(expected.length);
  for (const [i, x] of expected.entries()) expect(Math.abs(got[i]! - x), `entry ${i}`).toBeLessThan(tolerance);
}

describe("one-step methods and their generalisations, bit for bit", () => {
  it("SARSA(0) with every kind of traces", async () => {
    const { q } = await sarsa(env(), options);
    for (const traces of ["accumulating", "replacing"] as const) expect((await sarsaLambda(env(), { ...options, lambda: 0, traces })).q.array).toEqual(q.array);
    expectClose((await sarsaLambda(env(), { ...options, lambda: 0, traces: "dutch" })).q.array, q.array);
  });

  it("Watkins's Q(0)", async () => {
    expect((await watkinsQ(env(), { ...options, lambda: 0 })).q.array).toEqual((await qLearning(env(), options)).q.array);
  });

  it("n = 1", async () => {
    expect((await nStepSarsa(env(), { ...options, n: 1 })).q.array).toEqual((await sarsa(env(), options)).q.array);
    expect((await nStepExpectedSarsa(env(), { ...options, n: 1 })).q.array).toEqual((await expectedSarsa(env(), options)).q.array);
  });

  it("expected SARSA and tree backup with a greedy target are Q-learning", async () => {
    const { q } = await qLearning(env(), options);
    const target = greedy({ ties: "lowest" });
    expect((await expectedSarsa(env(), { ...options, target })).q.array).toEqual(q.array);
    expect((await nStepTreeBackup(env(), { ...options, n: 1, target })).q.array).toEqual(q.array);
    // Ties shared out instead of broken: the same expectation, up to rounding.
    expectClose((await expectedSarsa(env(), { ...options, target: greedy() })).q.array, q.array);
  });

  it("and they do differ elsewhere", async () => {
    const { q } = await sarsa(env(), options);
    for (const other of [
      sarsaLambda(env(), { ...options, lambda: 0.5 }),
      nStepSarsa(env(), { ...options, n: 2 }),
      expectedSarsa(env(), options),
      qLearning(env(), options),
    ]) {
      expect((await other).q.array).not.toEqual(q.array);
    }
  });
});

describe("whole episodes", () => {
  const walk = randomWalk({ states: 7 }).mdp;
  const uniform = Policy.uniform(policySpace(walk));
  const rate = 0.05;

  /** Σ over the visits of an episode of α (G - V), made at its end: what λ = 1 offline must do. */
  function everyVisitMonteCarlo(episodes: readonly Episode[], value: Float64Array): void {
    for (const { states, rewards } of episodes) {
      const before = value.slice();
      let total = 0;
      for (let t = rewards.length - 1; t >= 0; t--) {
        total = rewards[t]! + total;
        const s = states[t]!;
        value[s] = value[s]! + rate * (total - before[s]!);
      }
    }
  }

  it("TD(1) offline is every-visit Monte Carlo", async () => {
    const episodes: Episode[] = [];
    const { value } = await tdPrediction(recording(toEnv(walk), episodes), uniform, {
      steps: 1e6,
      episodes: 50,
      lambda: 1,
      updates: "offline",
      learningRate: rate,
    });
    const expected = new Float64Array(walk.stateCount);
    everyVisitMonteCarlo(episodes, expected);
    expect(episodes.length).toBe(50);
    expectClose(value.array, expected);
  });

  it("TD(1) online is Monte Carlo where no state is seen twice", async () => {
    const model = forwards();
    const policy = Policy.uniform(policySpace(model));
    const settings = { steps: 1e6, episodes: 60, seed: 3, learningRate: 0.1 };
    const monteCarlo = await monteCarloPrediction(toEnv(model), policy, settings);
    for (const traces of ["accumulating", "replacing", "dutch"] as const) {
      expectClose((await tdPrediction(toEnv(model), policy, { ...settings, lambda: 1, traces })).value.array, monteCarlo.value.array);
    }
    expect((await tdPrediction(toEnv(model), policy, { ...settings, lambda: 0.9 })).value.array).not.toEqual(monteCarlo.value.array);
  });

  it("Monte Carlo averages the returns of first visits, or of all of them", async () => {
    for (const visits of ["first", "every"] as const) {
      const episodes: Episode[] = [];
      const predicted = await monteCarloPrediction(recording(toEnv(walk), episodes), uniform, { steps: 1e6, episodes: 40, discount: 0.9, visits });
      const returns: number[][] = Array.from({ length: walk.stateCount }, () => []);
      for (const { states, rewards } of episodes) {
        for (let t = 0; t < rewards.length; t++) {
          if (visits === "first" && states.indexOf(states[t]!) < t) continue;
          let total = 0;
          for (let k = rewards.length - 1; k >= t; k--) total = rewards[k]! + 0.9 * total;
          returns[states[t]!]!.push(total);
        }
      }
      const means = returns.map((sample) => (sample.length === 0 ? 0 : sample.reduce((x, y) => x + y) / sample.length));
      expectClose(predicted.value.array, Float64Array.from(means));
      expect([...predicted.visits]).toEqual(returns.map((sample) => sample.length));
      const errors = returns.map((sample, s) => Math.sqrt(sample.reduce((sum, x) => sum + (x - means[s]!) ** 2, 0) / (sample.length - 1) / sample.length));
      for (let s = 1; s <= 7; s++) expect(predicted.standardError.array[s]).toEqual(visits === "first" ? expect.closeTo(errors[s]!, 10) : Number.NaN);
    }
  });

  it("n = infinity is every-visit Monte Carlo", async () => {
    const learned = await nStepSarsa(toEnv(walk), { steps: 1e6, episodes: 50, seed: 3, n: Infinity, learningRate: rate });
    const { value } = await monteCarloPrediction(toEnv(walk), uniform, { steps: 1e6, episodes: 50, seed: 3, visits: "every", learningRate: rate });
    expectClose(learned.value.array, value.array);
  });

  it("n larger than every episode is n = infinity, also for tree backup and expected SARSA", async () => {
    for (const learner of [nStepSarsa, nStepExpectedSarsa, nStepTreeBackup]) {
      const [long, infinite] = [await learner(env(), { ...options, n: 31 }), await learner(env(), { ...options, n: Infinity })];
      expect(long.q.array).toEqual(infinite.q.array);
    }
  });
});

describe("dutch traces", () => {
  /** The online λ-return algorithm by its definition (Sutton and Barto, section 12.5's forward view): all returns anew at every horizon. */
  function onlineLambdaReturn(episode: Episode, value: Float64Array, discount: number, lambda: number, rate: number): void {
    const start = value.slice();
    // historic[h] is the table after horizon h; returns bootstrap from the table of one step before their end.
    const historic = [start];
    for (let h = 1; h <= episode.rewards.length; h++) {
      const table = start.slice();
      const ended = episode.terminated && h === episode.rewards.length;
      for (let t = 0; t < h; t++) {
        let total = 0;
        let direct = 0;
        for (let n = 1; t + n <= h; n++) {
          direct += discount ** (n - 1) * episode.rewards[t + n - 1]!;
          const last = t + n === h;
          const bootstrap = last && ended ? 0 : discount ** n * historic[t + n - 1]![episode.states[t + n]!]!;
          total += (last ? lambda ** (n - 1) : (1 - lambda) * lambda ** (n - 1)) * (direct + bootstrap);
        }
        const s = episode.states[t]!;
        table[s] = table[s]! + rate * (total - table[s]!);
      }
      historic.push(table);
    }
    value.set(historic.at(-1) ?? start);
  }

  it("make TD(λ) the online λ-return algorithm exactly, revisits and truncation included", async () => {
    const episodes: Episode[] = [];
    const policy = Policy.uniform(policySpace(noisy));
    const { value } = await tdPrediction(recording(toEnv(noisy, { maxSteps: 25 }), episodes), policy, {
      steps: 1e6,
      episodes: 30,
      seed: 5,
      lambda: 0.8,
      traces: "dutch",
      learningRate: 0.3,
    });
    expect(episodes.some((episode) => !episode.terminated)).toBe(true);
    expect(episodes.some((episode) => episode.terminated)).toBe(true);
    const expected = new Float64Array(noisy.stateCount);
    for (const episode of episodes) onlineLambdaReturn(episode, expected, 0.9, 0.8, 0.3);
    expectClose(value.array, expected, 1e-9);
  });
});
