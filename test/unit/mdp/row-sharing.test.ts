// Equal rows stored once: an inventory model with and without sharing is the same model.
import { describe, expect, test } from "vitest";
import { arrivalOf, buildMdp, type Mdp, rewardOf, rowOf } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";

const CAPACITY = 200;
const DEMAND = [0.1, 0.2, 0.3, 0.25, 0.1, 0.05];

/**
 * Stock s, order a, then demand: the successor depends on s + a alone, so rows repeat; the reward does not. State 0 is a depot apart
 * (stock s is state s + 1). Where its one branch ends the episode, rows are not shared: that is how the same model is had both ways.
 */
function inventory(depotEnds: boolean): Mdp {
  return buildMdp({ states: CAPACITY + 2, actions: CAPACITY + 1, discount: 0.95 }, (s, model) => {
    if (s === 0) {
      model.choice(0, 0);
      model.branch(0, 1, 0, depotEnds);
      return;
    }
    for (let a = 0; s - 1 + a <= CAPACITY; a++) {
      model.choice(a, rewardOfOrder(s, a));
      for (const [demand, p] of DEMAND.entries()) model.branch(1 + Math.max(0, s - 1 + a - demand), p);
    }
  });
}

const rewardOfOrder = (s: number, a: number) => -2 * a - 0.1 * s;

/** A choice's branches and rewards, whatever row they are stored in. */
function choiceOf({ storage }: Mdp, c: number) {
  const row = rowOf(storage, c);
  const branches: number[][] = [];
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++)
    branches.push([arrivalOf(storage, b), storage.probability[b]!, rewardOf(storage, c, b)]);
  return { action: storage.choiceAction[c], reward: storage.reward[c], branches };
}

describe("an inventory model", () => {
  const shared = inventory(false);
  const apart = inventory(true);

  test("stores far fewer rows than it has choices, and still counts all branches", () => {
    const { storage } = shared;
    expect(storage.choiceCount).toBe(1 + ((CAPACITY + 1) * (CAPACITY + 2)) / 2);
    expect(storage.choiceRow).toHaveLength(storage.choiceCount);
    // The first 4,096 rows are only watched; after them every row with a level of stock met before is shared.
    expect(storage.rowCount).toBeLessThanOrEqual(4096 + CAPACITY + 1);
    expect(storage.target).toHaveLength(storage.rowBranches[storage.rowCount] ?? -1);
    expect(storage.branchCount).toBe(apart.storage.target.length);
  });

  test("without sharing has a row for every choice", () => {
    expect(apart.storage.choiceRow).toBeUndefined();
    expect(apart.storage.rowCount).toBe(apart.choiceCount);
  });

  test("is the same model either way, choice by choice", () => {
    expect(shared.storage.stateChoices).toEqual(apart.storage.stateChoices);
    expect(shared.choiceCount).toBe(apart.choiceCount);
    const different = Array.from({ length: shared.choiceCount }, (_, c) => c).filter(
      (c) => JSON.stringify(choiceOf(shared, c)) !== JSON.stringify(choiceOf(apart, c)),
    );
    expect(different).toEqual([]);
  });

  test("has in its last choices what was emitted", () => {
    const stock = CAPACITY;
    const c = shared.choice(stock, 1);
    expect(choiceOf(shared, c)).toEqual({
      action: 1,
      reward: rewardOfOrder(stock, 1),
      branches: DEMAND.map((p, demand) => [1 + CAPACITY - demand, p, rewardOfOrder(stock, 1)]),
    });
  });
});

describe("sharing", () => {
  const states = 3000;

  test("stops where rows no longer repeat, for good", () => {
    const many = 8000;
    const model = buildMdp({ states: many, actions: 10 }, (s, emit) => {
      for (let a = 0; a < 10; a++) {
        emit.choice(a, a);
        // 500 states whose actions all do the same, then none alike, at last one that was met before.
        if (s < 500) emit.branch(s, 1);
        else if (s === many - 1 && a === 9) emit.branch(0, 1);
        else {
          emit.branch(s, (a + 1) / 16);
          emit.branch((s + a + 1) % many, 1 - (a + 1) / 16);
        }
      }
    });
    const { storage } = model;
    expect(rowOf(storage, 499 * 10 + 9)).toBe(rowOf(storage, 499 * 10));
    expect(rowOf(storage, storage.choiceCount - 1)).toBe(storage.rowCount - 1);
    expect(model.branches(499, 9)).toEqual([{ next: 499, probability: 1, reward: 9, terminated: false }]);
    expect(model.branches(many - 2, 9)).toEqual([
      { next: many - 2, probability: 0.625, reward: 9, terminated: false },
      { next: 8, probability: 0.375, reward: 9, terminated: false },
    ]);
    expect(model.branches(many - 1, 9)).toEqual([{ next: 0, probability: 1, reward: 9, terminated: false }]);
  });

  test("tells rows of equal hash apart", () => {
    // Among so many rows a few pairs have the same 32-bit hash.
    const many = 200_000;
    const random = new Rng("rows");
    const successors = Array.from({ length: many }, () => {
      const first = random.below(many - 1);
      return [first, first + 1 + random.below(many - 1 - first)] as const;
    });
    const model = buildMdp({ states: many, actions: 2 }, (s, emit) => {
      for (const a of [0, 1]) {
        emit.choice(a, 0);
        for (const next of successors[s] ?? []) emit.branch(next, 0.5);
      }
    });
    const { storage } = model;
    expect(storage.rowCount).toBeLessThan(many + 4096);
    const wrong = successors.filter((pair, s) => {
      const from = storage.rowBranches[rowOf(storage, 2 * s + 1)]!;
      return storage.target[from] !== pair[0] || storage.target[from + 1] !== pair[1];
    });
    expect(wrong).toEqual([]);
  });

  test("spares rows with rewards of their own by branch", () => {
    const model = buildMdp({ states, actions: 4 }, (s, emit) => {
      for (let a = 0; a < 4; a++) {
        emit.choice(a);
        emit.branch(0, 0.5, s % 2 === 0 ? 1 : 2);
        emit.branch(1, 0.5, s % 2 === 0 ? 1 : s);
      }
    });
    expect(model.storage.choiceRow).toBeDefined();
    expect(model.branches(2998, 3).map((branch) => branch.reward)).toEqual([1, 1]);
    expect(model.branches(2999, 3).map((branch) => branch.reward)).toEqual([2, 2999]);
    expect(model.reward(2999, 3)).toBe(1500.5);
    expect(model.reward(2998, 0)).toBe(1);
  });
});
