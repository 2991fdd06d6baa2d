// Distributions and random models: counts with their tails, Jack's days, garnets.
import { describe, expect, test } from "vitest";
import { cappedChance, cappedMean, countDistribution, poisson } from "../../../src/envs/count-distribution.ts";
import { garnet, jacksCarRental, toEnv } from "../../../src/envs/index.ts";
import { sum } from "../../../src/numeric/index.ts";

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

const chance = (rate: number, k: number): number => (Math.exp(-rate) * rate ** k) / factorial(k);

describe("counts", () => {
  test.each([0, 0.5, 3, 17.5, 100, 1000])("Poisson(%d): chances, tails and mean", (rate) => {
    const x = poisson(rate, 2000);
    expect(Math.abs(sum(x.chance.subarray(0, 2000)) + x.tail[2000]! - 1)).toBeLessThan(1e-15);
    expect(x.tail[0]).toBeCloseTo(1, 14);
    const formula = (k: number): number => (rate === 0 ? Number(k === 0) : chance(rate, k));
    for (const k of rate < 100 ? [0, 1, 5, 20] : []) expect(Math.abs(x.chance[k]! - formula(k))).toBeLessThan(1e-13 * formula(k) + 1e-300);
    expect(cappedMean(x, 2000)).toBeCloseTo(rate, 9);
  });

  test("a tail far out is a small number, not nothing", () => {
    const { tail } = poisson(3, 60);
    expect(tail[60]! / chance(3, 60)).toBeGreaterThan(1);
    expect(tail[60]! / chance(3, 60)).toBeLessThan(1.06);
  });

  test("capped", () => {
    const x = countDistribution([0.25, 0.5, 0.25], 5);
    expect([0, 1].map((k) => cappedChance(x, 1, k))).toEqual([0.25, 0.75]);
    expect([0, 1, 2, 3].map((k) => cappedChance(x, 3, k))).toEqual([0.25, 0.5, 0.25, 0]);
    expect([0, 1, 2, 5].map((cap) => cappedMean(x, cap))).toEqual([0, 0.75, 1, 1]);
  });
});

describe("Jack's car rental", () => {
  const { mdp } = jacksCarRental();

  test("the actions of a state are the moves it has the cars for", () => {
    expect(mdp.feasibleActions(0)).toEqual([0]);
    expect(mdp.feasibleActions(2 * 21 + 3)).toEqual([-3, -2, -1, 0, 1, 2]);
    expect(mdp.feasibleActions(20 * 21 + 20)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]);
    expect(mdp.feasibleActions(20 * 21)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  /** A day told as it happens: requests up to 60, then returns up to 60. */
  function evening(cars: number, requestRate: number, returnRate: number): { chances: number[]; rentals: number } {
    const chances = new Array<number>(21).fill(0);
    let rentals = 0;
    for (let asked = 0; asked <= 60; asked++) {
      const rented = Math.min(cars, asked);
      rentals += rented * chance(requestRate, asked);
      for (let back = 0; back <= 60; back++) chances[Math.min(20, cars - rented + back)]! += chance(requestRate, asked) * chance(returnRate, back);
    }
    return { chances, rentals };
  }

  test.each([
    [0, 0, 0],
    [3, 1, 2],
    [20, 20, 0],
    [20, 20, 5], // five cars into a full site: they are lost
    [0, 7, -5],
    [18, 18, -4],
    [12, 9, 1],
  ])("from %d and %d cars, %d moved: chances and reward of a day", (first, second, moved) => {
    const one = evening(Math.min(20, first - moved), 3, 3);
    const two = evening(Math.min(20, second + moved), 4, 2);
    const state = first * 21 + second;
    expect(mdp.reward(state, moved)).toBeCloseTo(10 * (one.rentals + two.rentals) - 2 * Math.abs(moved), 11);
    const branches = mdp.branches(state, moved);
    expect(branches).toHaveLength(441);
    for (const { next, probability } of branches) {
      expect(probability).toBeCloseTo(one.chances[Math.floor(Number(next) / 21)]! * two.chances[Number(next) % 21]!, 14);
    }
  });

  test("every row sums to 1 within an ulp or two", () => {
    const { rowBranches, probability, rowCount } = mdp.storage;
    for (let row = 0; row < rowCount; row++) expect(Math.abs(sum(probability.subarray(rowBranches[row], rowBranches[row + 1])) - 1)).toBeLessThan(5e-16);
  });
});

describe("garnet", () => {
  const options = { states: 60, actions: 3, branches: 7, seed: 5 };

  test("has the branches asked for, to different states, with probabilities that sum to exactly 1 and rewards in [0, 1)", () => {
    const { mdp } = garnet(options);
    expect(mdp.branchCount).toBe(60 * 3 * 7);
    for (const s of mdp.states) {
      for (const a of mdp.feasibleActions(s)) {
        const branches = mdp.branches(s, a);
        expect(new Set(branches.map(({ next }) => next)).size).toBe(7);
        expect(branches.reduce((total, { probability }) => total + probability, 0)).toBe(1);
        expect(mdp.reward(s, a)).toBeGreaterThanOrEqual(0);
        expect(mdp.reward(s, a)).toBeLessThan(1);
      }
    }
  });

  test("every state is as likely a successor as any other, every cut as any other", () => {
    const { storage } = garnet({ states: 40, actions: 100, branches: 10, seed: 2 }).mdp;
    const counts = new Array<number>(40).fill(0);
    for (const target of storage.target) counts[target]!++;
    expect(counts.reduce((x, seen) => x + (seen - 1000) ** 2 / 1000, 0)).toBeLessThan(39 + 5 * Math.sqrt(78));
    // A gap between 9 uniform cuts has mean 1/10 and P(gap > 0.3) = 0.7^9.
    const wide = storage.probability.filter((p) => p > 0.3).length / storage.probability.length;
    expect(Math.abs(wide - 0.7 ** 9)).toBeLessThan(0.005);
  });

  test("a seed names it; the bounds of its sizes work", () => {
    expect(garnet(options).mdp.storage).toEqual(garnet(options).mdp.storage);
    expect(garnet(options).mdp.storage.target).not.toEqual(garnet({ ...options, seed: 6 }).mdp.storage.target);
    expect(garnet({ states: 1, actions: 1, branches: 1 }).mdp.branches(0, 0)).toMatchObject([{ next: 0, probability: 1 }]);
    expect(garnet({ states: 5, branches: 5 }).mdp.branches(3, 0)).toHaveLength(5);
  });

  test("can be sampled", () => {
    const env = toEnv(garnet(options).mdp);
    env.reset({ seed: 1 });
    for (let t = 0; t < 100; t++) expect(env.step(t % 3).state).toBeLessThan(60);
  });
});
