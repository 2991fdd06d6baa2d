// The random walks of Sutton and Barto, examples 6.2 and 7.1: prediction against the true values.
import { describe, expect, it } from "vitest";
import { randomWalk, toEnv } from "../../../src/envs/index.ts";
import { harmonic, Policy, policySpace } from "../../../src/policies/index.ts";
import { monteCarloPrediction, nStepSarsa, tdPrediction } from "../../../src/solvers/learning/index.ts";

const RUNS = 60;

/** Root mean square distance from the true values over the inner states. */
function rms(value: Float64Array, truth: (s: number) => number): number {
  const inner = value.length - 2;
  let squares = 0;
  for (let s = 1; s <= inner; s++) squares += (value[s]! - truth(s)) ** 2;
  return Math.sqrt(squares / inner);
}

/** The mean over runs of one number a run. */
async function mean(run: (seed: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let seed = 0; seed < RUNS; seed++) total += await run(seed);
  return total / RUNS;
}

describe("example 6.2: five states", () => {
  const { mdp } = randomWalk();
  const env = toEnv(mdp);
  const policy = Policy.uniform(policySpace(mdp));
  const truth = (s: number) => s / 6;

  it("TD(0) comes to the true values 1/6 .. 5/6", async () => {
    const { value, standardError } = await monteCarloPrediction(env, policy, { steps: 60_000, seed: 1 });
    const td = await tdPrediction(env, policy, { steps: 300_000, seed: 1, initialValue: 0.5, learningRate: harmonic(50) });
    for (let s = 1; s <= 5; s++) {
      expect(Math.abs(td.value.array[s]! - truth(s))).toBeLessThan(0.02);
      // Within five standard errors of its own; those are honest only if small.
      expect(standardError.array[s]).toBeLessThan(0.01);
      expect(Math.abs(value.array[s]! - truth(s))).toBeLessThan(5 * standardError.array[s]!);
    }
    expect([td.value.array[0], td.value.array[6]]).toEqual([0, 0]);
  });

  it("TD(0)'s error falls as in the figure, and below Monte Carlo's", async () => {
    const errorAfter = (episodes: number) =>
      mean(async (seed) => rms((await tdPrediction(env, policy, { steps: 1e6, episodes, seed, initialValue: 0.5, learningRate: 0.05 })).value.array, truth));
    const [start, ten, hundred] = [await errorAfter(0), await errorAfter(10), await errorAfter(100)];
    expect(start).toBeCloseTo(Math.sqrt((2 / 5) * ((1 / 6) ** 2 + (1 / 3) ** 2)), 12);
    expect(ten).toBeLessThan(0.8 * start);
    expect(hundred).toBeLessThan(0.06);
    const monteCarlo = (learningRate: number) =>
      mean(async (seed) =>
        rms(
          (await monteCarloPrediction(env, policy, { steps: 1e6, episodes: 100, seed, initialValue: 0.5, learningRate, visits: "every" })).value.array,
          truth,
        ),
      );
    for (const rate of [0.01, 0.02, 0.03, 0.04]) expect(await monteCarlo(rate)).toBeGreaterThan(hundred);
  });
});

describe("example 7.1: nineteen states", () => {
  const { mdp } = randomWalk({ states: 19, left: -1 });
  const env = toEnv(mdp);
  const truth = (s: number) => (s - 10) / 10;

  /** The error over the first ten episodes, averaged, as in figure 7.2. */
  const error = (n: number, learningRate: number) =>
    mean(async (seed) => {
      let total = 0;
      await nStepSarsa(env, {
        n,
        steps: 1e6,
        episodes: 10,
        seed,
        learningRate,
        evaluate: {
          every: 1,
          per: "episode",
          run: ({ q }) => {
            const distance = rms(valuesOf(q.array), truth);
            total += distance / 10;
            return distance;
          },
        },
      });
      return total;
    });
  // One action: Q of state s is V(s), at place s - 1.
  const valuesOf = (q: Float64Array) => Float64Array.from({ length: 21 }, (_, s) => (s === 0 || s === 20 ? 0 : q[s - 1]!));

  it("n in between does best, as in figure 7.2", async () => {
    const four = await error(4, 0.4);
    expect(four).toBeLessThan(0.31);
    expect(four).toBeLessThan((await error(1, 0.4)) - 0.05);
    expect(four).toBeLessThan((await error(64, 0.4)) - 0.05);
    // 0.548 is the error of knowing nothing.
    expect(await error(512, 0.4)).toBeGreaterThan(0.5);
  });
});
