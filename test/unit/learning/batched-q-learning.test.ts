// Batched Q-learning: its integers against big ones, its draws against the model, its answers against the exact ones.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cliffWalking, frozenLake, garnet, recyclingRobot } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { supDistance } from "../../../src/numeric/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { scaled, toFraction, toUnits, unitFor } from "../../../src/solvers/learning/batched/fixed-point.ts";
import { batchedQLearning } from "../../../src/solvers/learning/index.ts";

const { mdp: robot } = recyclingRobot();

describe("fixed point", () => {
  test("x · f / 2^31, rounded, is exact", () => {
    const x = fc.integer({ min: -(2 ** 30), max: 2 ** 30 });
    fc.assert(
      fc.property(x, fc.integer({ min: 0, max: 2 ** 31 }), (value, fraction) => {
        const size = (BigInt(Math.abs(value)) * BigInt(fraction) + 2n ** 30n) / 2n ** 31n;
        expect(scaled(value, fraction) + 0).toBe(Number(value < 0 ? -size : size) + 0);
      }),
    );
    expect(scaled(-12345, toFraction(1))).toBe(-12345);
  });

  test("the unit is the smallest power of two under which the bound fits", () => {
    for (const bound of [1, 3, 1e-6, 12345.678, 2 ** 29, 2 ** 29 + 1]) {
      const unit = unitFor(bound);
      expect(Math.log2(unit) % 1).toBeCloseTo(0);
      expect(bound / unit).toBeLessThanOrEqual(2 ** 29);
      expect(bound / (unit / 2)).toBeGreaterThan(2 ** 29);
      expect(Math.abs(toUnits(-bound, unit) * unit + bound)).toBeLessThanOrEqual(unit / 2);
    }
  });
});

test("comes to the exact Q of stochastic models, maximised and minimised", async () => {
  for (const mdp of [robot, garnet({ states: 20, actions: 3, branches: 4, seed: 2 }).mdp.with({ discount: 0.9 })]) {
    for (const objective of ["maximize", "minimize"] as const) {
      const exact = await solve(mdp, { objective, epsilon: 1e-9 });
      const learned = await batchedQLearning(mdp, { envs: 64, steps: 3000, seed: 1, objective, explore: 0.3 });
      const size = exact.q.array.reduce((most, q) => Math.max(most, Math.abs(q)), 0);
      expect(supDistance(learned.q.array, exact.q.array) / size).toBeLessThan(0.03);
      expect(learned.transitions).toBe(64 * 3000);
      expect(learned.updates.every((n) => n > 0)).toBe(true);
    }
  }
});

test("rewards by branch are paid by branch, terminated branches end, a step limit bootstraps", async () => {
  const mdp = defineMdp({
    states: ["toss", "end"],
    actions: ["coin"],
    discount: 0.5,
    terminal: ["end"],
    initial: "toss",
    transition: () => [
      ["toss", 0.75],
      ["end", 0.25],
    ],
    reward: (_, __, next) => (next === "end" ? 8 : 0),
  });
  // Q = 0.25·8 + 0.5·0.75·Q
  for (const maxSteps of [undefined, 1, 3]) {
    const { q, episodes } = await batchedQLearning(mdp, { envs: 128, steps: 1500, seed: 3, maxSteps });
    expect(q.at("toss", "coin")).toBeCloseTo(2 / 0.625, 1);
    expect(episodes).toBeGreaterThan(maxSteps === 1 ? 128 * 1500 - 1 : (128 * 1500) / 5);
  }
});

test("finds the cliff's edge at discount 1 and the slippery lake's policy", async () => {
  const { mdp: cliff } = cliffWalking();
  const walked = await batchedQLearning(cliff, { envs: 64, steps: 3000, seed: 1, maxSteps: 200, learningRate: 0.5 });
  expect(walked.value.array[36]).toBeCloseTo(-13, 5);
  const { mdp: lake } = frozenLake();
  const exact = await solve(lake, { epsilon: 1e-9 });
  const slid = await batchedQLearning(lake, { envs: 256, steps: 4000, seed: 1, explore: 1, maxSteps: 100 });
  expect(Math.abs(slid.value.array[0]! - exact.value.array[0]!)).toBeLessThan(0.03);
});

test("the same seed, the same run; another, another; slices and looks change nothing", async () => {
  const run = (seed: number, steps = 500) => batchedQLearning(robot, { envs: 33, steps, seed });
  const first = await run(1);
  expect((await run(1)).q.array).toEqual(first.q.array);
  expect((await run(2)).q.array).not.toEqual(first.q.array);
  expect((await run(1, 501)).q.array).not.toEqual(first.q.array);
});

test("more environments than before draw the same for those that were there", async () => {
  // With a Q that nothing changes, environments are independent: their episodes are a function of their own draws.
  const mdp = defineMdp({
    states: ["a", "b"],
    actions: ["go"],
    discount: 0,
    initial: "a",
    transition: () => [
      ["a", 0.5],
      ["b", 0.5],
    ],
    reward: () => 0,
  });
  const few = await batchedQLearning(mdp, { envs: 4, steps: 100, seed: 9, maxSteps: 7 });
  const many = await batchedQLearning(mdp, { envs: 8, steps: 100, seed: 9, maxSteps: 7 });
  expect(few.episodes).toBe(4 * 14);
  expect(many.episodes).toBe(8 * 14);
});

test("an aborted run answers what it has", async () => {
  const abort = new AbortController();
  const run = batchedQLearning(robot, { envs: 256, steps: 1e7, signal: abort.signal, onProgress: () => abort.abort() });
  const { status, steps, q } = await run;
  expect(status).toBe("aborted");
  expect(steps).toBeGreaterThan(0);
  expect(steps).toBeLessThan(1e7);
  expect(q.array.some((x) => x !== 0)).toBe(true);
});

test("refuses options out of range", async () => {
  const run = (options: Partial<Parameters<typeof batchedQLearning>[1]>) => batchedQLearning(robot, { steps: 10, ...options });
  await expect(run({ envs: 0 })).rejects.toThrow(OptionError);
  await expect(run({ envs: 40_000 })).rejects.toThrow(/at most 32768/);
  await expect(run({ steps: 1.5 })).rejects.toThrow(OptionError);
  await expect(run({ explore: 2 })).rejects.toThrow(OptionError);
  await expect(run({ learningRate: () => 0 })).rejects.toThrow(/learningRate at update 1 is 0/);
  await expect(run({ initialQ: 1e9 })).rejects.toThrow(/pass bound/);
  await expect(run({ discount: 1 })).rejects.toThrow(/bound/);
});
