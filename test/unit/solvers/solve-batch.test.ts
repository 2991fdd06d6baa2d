// solveBatch: the bits of its kernel, columns that drop out or end alone, wrong options.
import { describe, expect, test } from "vitest";
import { garnet, recyclingRobot } from "../../../src/envs/index.ts";
import { InvalidModelError, OptionError, ShapeError } from "../../../src/errors.ts";
import { cpuBatchKernel, cpuKernel, wasmBatchKernel } from "../../../src/kernels/index.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { solve, solveBatch, verify } from "../../../src/solvers/index.ts";

const { mdp: robot } = recyclingRobot();
const { mdp } = garnet({ states: 300, actions: 4, branches: 6, seed: 3 });

function randomRewards(count: number): Float64Array[] {
  const rng = new Rng("rewards");
  return Array.from({ length: count }, () => Float64Array.from({ length: mdp.choiceCount }, () => rng.uniform()));
}

describe("the batch kernels", () => {
  const kernels = { cpu: cpuBatchKernel, wasm: (...given: Parameters<typeof cpuBatchKernel>) => wasmBatchKernel(...given)! };

  test.each([
    ["cpu", 5],
    ["wasm", 5],
    ["wasm", 1],
    ["wasm", 11],
    ["wasm", 16],
  ] as const)("%s gives, for %d columns, the bits and the choices of the reference kernel", (name, count) => {
    const rewards = randomRewards(count);
    const discount = Float64Array.from({ length: count }, (_, j) => [0.5, 0.9, 0.99, 0.999, 0][j % 5]!);
    const reward = Float64Array.from({ length: mdp.choiceCount * count }, (_, i) => rewards[i % count]![Math.floor(i / count)]!);
    const batch = kernels[name](mdp.storage, { reward, discount });
    const { width } = batch;
    const [v, next] = batch.values;
    batch.clearChange();
    for (let round = 0; round < 4; round++) {
      batch.sweep(v, next, 0, mdp.stateCount);
      batch.policySweep(next, v, 0, mdp.stateCount);
    }
    for (let j = 0; j < count; j++) {
      const kernel = cpuKernel({ ...mdp.storage, reward: rewards[j]! }, discount[j]!);
      const [own, seen] = [kernel.policy(), { min: Infinity, max: -Infinity }];
      const [w, after] = [kernel.vector(), kernel.vector()];
      for (let round = 0; round < 4; round++) {
        kernel.sweep(w, after, own, 0, mdp.stateCount, seen);
        kernel.policySweep(after, w, own, 0, mdp.stateCount, { min: 0, max: 0 });
      }
      expect(Array.from({ length: mdp.stateCount }, (_, s) => v[s * width + j])).toEqual(Array.from(w.subarray(0, mdp.stateCount)));
      expect(Array.from({ length: mdp.stateCount }, (_, s) => batch.policy[s * width + j])).toEqual(Array.from(own));
      expect([batch.change.min[j], batch.change.max[j]]).toEqual([seen.min, seen.max]);
    }
  });

  test.each(["cpu", "wasm"] as const)("%s keeps a column's incumbent on a tie, and serves all columns from one reward a choice", (name) => {
    const twins = defineMdp({ states: ["a", "end"], actions: ["a", "b", "c"], discount: 0.5, terminal: ["end"], transition: (s) => s, reward: () => 1 });
    const batch = kernels[name](twins.storage, { reward: twins.storage.reward, discount: Float64Array.of(0.5, 0.5, 0.5) });
    batch.policy.set([2, -1, 1]);
    batch.clearChange();
    batch.sweep(...batch.values, 0, 2);
    expect(Array.from(batch.policy.subarray(0, 3))).toEqual([2, 0, 1]);
    expect(Array.from(batch.values[1].subarray(0, 3))).toEqual([1, 1, 1]);
    expect([batch.change.min[0], batch.change.max[0]]).toEqual([0, 1]);
  });
});

test("one reward function under many discounts", async () => {
  const { solutions, value, sweeps } = await solveBatch(robot, { discounts: [0.5, 0.9, 0.99], epsilon: 1e-9 });
  expect(value).toHaveLength(6);
  expect(solutions[1]!.value.at("low")).toBeCloseTo(2250 / 59, 8);
  expect(sweeps).toBeGreaterThan(0);
  for (const solution of solutions) expect((await verify(solution.mdp, solution)).holds).toBe(true);
});

test("columns at discount 1, and columns that sweeps hardly move, end alone and are as certain", async () => {
  const { mdp: chain } = garnet({ states: 200, actions: 3, branches: 2, seed: 1 });
  const batch = await solveBatch(chain, { discounts: [0.9, 0.999999, 0.5], epsilon: 1e-6 });
  expect(batch.status).toBe("converged");
  for (const solution of batch.solutions) {
    const own = await solve(solution.mdp, { epsilon: 1e-6 });
    expect(Math.abs(solution.value.array[7]! - own.value.array[7]!)).toBeLessThanOrEqual(2e-6);
  }
  const walk = defineMdp({
    states: ["a", "b", "end"],
    actions: ["go"],
    discount: 1,
    terminal: ["end"],
    transition: (s) => (s === "a" ? "b" : "end"),
    reward: () => 1,
  });
  const ends = await solveBatch(walk, { rewards: [(s) => (s === "a" ? 5 : 1), () => 2] });
  expect(ends.solutions.map(({ value }) => value.at("a"))).toEqual([6, 4]);
  expect(ends.solvedAlone).toBe(2);
});

test("the answers of both kernels are the same bits", async () => {
  const rewards = randomRewards(9);
  const [cpu, wasm] = [await solveBatch(mdp, { rewards, discount: 0.9, device: "cpu" }), await solveBatch(mdp, { rewards, discount: 0.9, device: "wasm" })];
  expect([cpu.device, wasm.device]).toEqual(["cpu", "wasm"]);
  expect(wasm.value).toEqual(cpu.value);
  expect(wasm.upper).toEqual(cpu.upper);
});

test("costs are minimised, and nothing given is changed", async () => {
  const rewards = randomRewards(3);
  const before = rewards.map((r) => r.slice());
  const least = await solveBatch(mdp, { rewards, discount: 0.95, objective: "minimize" });
  const most = await solveBatch(mdp, { rewards, discount: 0.95 });
  expect(rewards).toEqual(before);
  for (let i = 0; i < least.value.length; i++) expect(least.upper[i]!).toBeLessThan(most.lower[i]!);
});

test("an aborted batch answers bounds for every column", async () => {
  const abort = new AbortController();
  const batch = await solveBatch(mdp, { rewards: randomRewards(4), discount: 0.999, epsilon: 1e-12, signal: abort.signal, onProgress: () => abort.abort() });
  expect(batch.status).toBe("aborted");
  expect(batch.solutions).toHaveLength(4);
  for (const { bounds } of batch.solutions) expect(bounds.lower.array.every((low, s) => low <= bounds.upper.array[s]!)).toBe(true);
});

test("tells its progress: fewer columns at work, closer bounds", async () => {
  const seen: { left: number; gap: number }[] = [];
  await solveBatch(mdp, { discounts: [0.1, 0.5, 0.9], onProgress: ({ left, gap }) => seen.push({ left, gap }) });
  expect(seen[0]!.left).toBe(3);
  expect(seen.at(-1)).toEqual({ left: 0, gap: 0 });
  expect(seen.some(({ left }) => left === 1)).toBe(true);
});

test("refuses options that do not fit, before anything is swept", async () => {
  await expect(solveBatch(mdp, {})).rejects.toThrow(OptionError);
  await expect(solveBatch(mdp, { rewards: [] })).rejects.toThrow(/rewards is an array of 0, expected at least one entry/);
  await expect(solveBatch(mdp, { discounts: [0.9, 1.5] })).rejects.toThrow(/discounts\[1\] is 1\.5/);
  await expect(solveBatch(mdp, { rewards: randomRewards(2), discounts: [0.9] })).rejects.toThrow(ShapeError);
  await expect(solveBatch(mdp, { rewards: [new Float64Array(3)], discount: 0.9 })).rejects.toThrow(/reward has 3 entries, expected 1200/);
  await expect(solveBatch(mdp, { rewards: [new Float64Array(mdp.choiceCount).fill(Number.NaN)], discount: 0.9 })).rejects.toThrow(InvalidModelError);
  const bare = defineMdp({ states: 1, actions: ["stay"], transition: (s) => s, reward: () => 1 });
  await expect(solveBatch(bare, { rewards: [() => 1] })).rejects.toThrow(/discount/);
});
